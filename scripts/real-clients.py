"""Python clients of Pocket, unchanged, against one server: CLIENT ORIGIN FOLDER. Their one host is sent to ORIGIN."""
import configparser
import json
import os
import sys
import time

client, origin, folder = sys.argv[1:]
assert origin.startswith('http://127.0.0.1:')
os.environ['HOME'] = folder

import requests  # noqa: E402

KEY, TOKEN = '1234-abcd1234', '5678defg-5678'
really = requests.Session.request


def to_origin(self, method, url, *rest, **options):
    assert url.startswith('https://getpocket.com/'), url
    return really(self, method, url.replace('https://getpocket.com', origin), *rest, **options)


requests.Session.request = to_origin
time.sleep = lambda seconds: None


def check(what, is_so):
    print(('ok ' if is_so else 'not ok ') + client + ' ' + what, flush=True)
    if not is_so:
        sys.exit(1)


def raw(**params):
    body = {'consumer_key': KEY, 'access_token': TOKEN, 'state': 'all', 'detailType': 'complete', 'count': 5000, **params}
    return requests.post('https://getpocket.com/v3/get', json=body).json()['list']


def pocket():
    from pocket import Pocket

    mine = Pocket(KEY, TOKEN)
    check('gets all items', len(mine.get(state='unread', count=5000)[0]['list']) >= 132)
    item_id = mine.add(url='https://added.example/1', title='Added', tags='B,a')[0]['item']['item_id']
    item = lambda: raw(domain='added.example')[item_id]
    check('adds', sorted(item()['tags']) == ['a', 'b'])
    done = lambda: mine.commit()[0]['action_results']
    mine.archive(item_id).favorite(item_id).tags_add(item_id, "c,it's").tags_remove(item_id, 'a')
    check('changes in bulk', done() == [True] * 4)
    check('changed what it said', (item()['status'], item()['favorite'], sorted(item()['tags'])) == ('1', '1', ['b', 'c', "it\\'s"]))
    mine.tags_remove(item_id, "it\\'s").tag_rename(item_id, 'c', 'd').unfavorite(item_id).readd(item_id)
    results = done()
    check('changes back', results[:3] == [True] * 3 and results[3]['item_id'] == item_id)
    check('changed it back', (item()['status'], item()['favorite'], sorted(item()['tags'])) == ('0', '0', ['b', 'd']))
    mine.tags_replace(item_id, 'x')
    check('replaces tags', done() == [True] and list(item()['tags']) == ['x'])
    mine.tags_clear(item_id)
    check('clears tags', done() == [True] and item()['tags'] == {})
    mine.bulk_add(0, url='https://added.example/2')
    check('adds in bulk', done()[0]['given_url'] == 'https://added.example/2')
    check('deletes at once', mine.delete(item_id, wait=False)[0]['action_results'] == [True])


def pocket_to_sqlite():
    import sqlite_utils
    from pocket_to_sqlite.cli import cli

    auth, path = os.path.join(folder, 'auth.json'), os.path.join(folder, 'pocket.db')
    with open(auth, 'w') as file:
        json.dump({'pocket_consumer_key': KEY, 'pocket_access_token': TOKEN}, file)
    cli(['fetch', path, '--auth', auth, '--all', '--silent'], standalone_mode=False)
    stored = {str(row['item_id']) for row in sqlite_utils.Database(path)['items'].rows}
    check('stores all items', len(stored) >= 132 and stored == set(raw()))


def pocket_cli():
    configparser.ConfigParser.readfp = configparser.ConfigParser.read_file
    from pocket_cli.app import PocketApp

    app = PocketApp()
    app.configure(KEY, TOKEN, 180, 'id')
    app.fetch_articles()
    unread = raw(state='unread')
    check('fetches all unread items', {one['id'] for one in app.get_articles(5000)} == set(unread))
    item_id = app.add_article('https://cli.example/1', 'One', ('t',))['item']['item_id']
    check('adds and searches', [one['id'] for one in app.search('cli.example', 'unread', 't', 'newest')] == [item_id])
    app.archive_article(item_id)
    check('archives', raw()[item_id]['status'] == '1')


{'pocket': pocket, 'pocket-to-sqlite': pocket_to_sqlite, 'pocket-cli': pocket_cli}[client]()
