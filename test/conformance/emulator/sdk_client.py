"""Calls every route of the emulator through Dropbox's own Python SDK and decodes the answers strictly.

Called with the emulator's origin and the names of all routes that it serves. Prints one JSON object: calls that were
answered in the declared form, the problems of those that were not, the routes that were called, and those that this
version of the SDK does not know.
"""

import base64
import datetime
import json
import sys

import dropbox
from dropbox import files, sharing, team, users
from dropbox.exceptions import ApiError
from stone.backends.python_rsrc import stone_serializers

ORIGIN = sys.argv[1]
SERVED = sys.argv[2:]
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)

_decode = stone_serializers.json_compat_obj_decode


def _strict(data_type, obj, caller_permissions=None, alias_validators=None, strict=True, old_style=False,
            for_msgpack=False):
    return _decode(data_type, obj, caller_permissions, alias_validators, True, old_style, for_msgpack)


stone_serializers.json_compat_obj_decode = _strict


called = set()


def _plain_url(self, hostname, route_name):
    called.add(route_name)
    return "%s/2/%s" % (ORIGIN, route_name)


dropbox.dropbox_client._DropboxTransport._get_route_url = _plain_url

answered = []
problems = []


def call(name, run):
    try:
        result = run()
        answered.append(name)
        return result
    except Exception as error:  # each problem is told, the others go on
        problems.append("%s: %s: %s" % (name, type(error).__name__, error))
        return None


def refused(name, run, expected):
    try:
        run()
        problems.append("%s: was not refused" % name)
    except ApiError as error:
        tags = []
        at = error.error
        while hasattr(at, "_tag"):
            tags.append(at._tag)
            at = at._value
        if hasattr(at, "reason"):
            tags += [at.reason._tag]
        if "/".join(tags) == expected:
            answered.append(name)
        else:
            problems.append("%s: refused with %s, expected %s" % (name, "/".join(tags), expected))
    except Exception as error:
        problems.append("%s: %s: %s" % (name, type(error).__name__, error))


def reading(dbx):
    upload = call("upload", lambda: dbx.files_upload(
        b"hello", "/A/f.txt", client_modified=datetime.datetime(2020, 1, 2, 3, 4, 5)))
    call("upload png", lambda: dbx.files_upload(PNG, "/A/p.png"))
    call("upload csv", lambda: dbx.files_upload(b"a,b\n1,2\n", "/A/table.csv"))
    call("upload docx", lambda: dbx.files_upload(b"letter", "/A/letter.docx"))
    listed = call("list_folder", lambda: dbx.files_list_folder("", recursive=True, limit=1))
    listed = call("continue", lambda: dbx.files_list_folder_continue(listed.cursor))
    call("latest cursor", lambda: dbx.files_list_folder_get_latest_cursor(""))
    call("longpoll", lambda: dbx.files_list_folder_longpoll(listed.cursor))
    call("metadata file", lambda: dbx.files_get_metadata("/A/f.txt"))
    call("metadata folder", lambda: dbx.files_get_metadata("/A"))
    call("metadata rev", lambda: dbx.files_get_metadata("rev:" + upload.rev))
    call("download", lambda: dbx.files_download("/A/f.txt"))
    call("download_zip", lambda: dbx.files_download_zip("/A"))
    call("export", lambda: dbx.files_export("/Notes.paper"))
    call("temporary link", lambda: dbx.files_get_temporary_link("/A/f.txt"))
    call("thumbnail", lambda: dbx.files_get_thumbnail("/A/p.png"))
    call("thumbnail_v2", lambda: dbx.files_get_thumbnail_v2(files.PathOrLink.path("/A/p.png")))
    call("thumbnail batch", lambda: dbx.files_get_thumbnail_batch(
        [files.ThumbnailArg("/A/p.png"), files.ThumbnailArg("/A/f.txt")]))
    call("preview as pdf", lambda: dbx.files_get_preview("/A/letter.docx"))
    call("preview as html", lambda: dbx.files_get_preview("/A/table.csv"))
    call("search", lambda: dbx.files_search_v2("f"))
    found = call("search in pages", lambda: dbx.files_search_v2(
        "t", options=files.SearchOptions(path="/A", max_results=1)))
    call("search continue", lambda: dbx.files_search_continue_v2(found.cursor))
    call("revisions", lambda: dbx.files_list_revisions("/A/f.txt"))
    refused("not found", lambda: dbx.files_get_metadata("/none"), "path/not_found")
    refused("not file", lambda: dbx.files_download("/A"), "path/not_file")
    refused("conflict", lambda: dbx.files_upload(b"other", "/A/f.txt"), "path/conflict")
    return upload


def sessions(dbx):
    started = call("session start", lambda: dbx.files_upload_session_start(b"abc"))
    cursor = files.UploadSessionCursor(started.session_id, 3)
    call("session append", lambda: dbx.files_upload_session_append_v2(b"def", cursor, close=True))
    cursor = files.UploadSessionCursor(started.session_id, 6)
    call("session finish", lambda: dbx.files_upload_session_finish(b"", cursor, files.CommitInfo("/S/one")))
    refused("session gone", lambda: dbx.files_upload_session_append_v2(b"x", cursor), "not_found")
    batch = call("session start_batch", lambda: dbx.files_upload_session_start_batch(2))
    for session_id in batch.session_ids:
        dbx.files_upload_session_append_v2(b"xyz", files.UploadSessionCursor(session_id, 0), close=True)
    args = [
        files.UploadSessionFinishArg(files.UploadSessionCursor(session_id, 3), files.CommitInfo(path))
        for session_id, path in zip(batch.session_ids, ["/S/two", "/S/one"])
    ]
    call("session finish_batch_v2", lambda: dbx.files_upload_session_finish_batch_v2(args))
    # The forms that older programs use.
    old = dbx.files_upload_session_start(b"old")
    call("session append", lambda: dbx.files_upload_session_append(b"er", old.session_id, 3))
    many = [dbx.files_upload_session_start(b"m", close=True).session_id for _ in range(6)]
    args = [
        files.UploadSessionFinishArg(files.UploadSessionCursor(session_id, 1), files.CommitInfo("/S/m%d" % index))
        for index, session_id in enumerate(many)
    ]
    job = call("session finish_batch", lambda: dbx.files_upload_session_finish_batch(args))
    call("session finish_batch/check", lambda: dbx.files_upload_session_finish_batch_check(job.get_async_job_id()))


def writing(dbx, upload):
    call("create_folder", lambda: dbx.files_create_folder_v2("/B"))
    call("create_folder_batch", lambda: dbx.files_create_folder_batch(["/C", "/A/f.txt"]))
    job = call("create_folder_batch async", lambda: dbx.files_create_folder_batch(["/D"], force_async=True))
    call("create_folder_batch/check", lambda: dbx.files_create_folder_batch_check(job.get_async_job_id()))
    call("copy", lambda: dbx.files_copy_v2("/A", "/A2"))
    call("move", lambda: dbx.files_move_v2("/A2", "/A3"))
    entries = [files.RelocationPath("/A3/f.txt", "/E/f"), files.RelocationPath("/none", "/E/g")]
    call("move_batch", lambda: dbx.files_move_batch_v2(entries))
    copies = [files.RelocationPath("/E/f", "/E/h")] * 6
    job = call("copy_batch", lambda: dbx.files_copy_batch_v2(copies))
    call("copy_batch/check", lambda: dbx.files_copy_batch_check_v2(job.get_async_job_id()))
    moves = [files.RelocationPath("/E/h", "/E/i")] * 6
    job = call("move_batch async", lambda: dbx.files_move_batch_v2(moves))
    call("move_batch/check", lambda: dbx.files_move_batch_check_v2(job.get_async_job_id()))
    # The forms that older programs use.
    call("create_folder v1", lambda: dbx.files_create_folder("/Old"))
    call("copy v1", lambda: dbx.files_copy("/A/p.png", "/Old/p.png"))
    call("move v1", lambda: dbx.files_move("/Old/p.png", "/Old/q.png"))
    call("delete v1", lambda: dbx.files_delete("/Old"))
    call("permanently delete", lambda: dbx.files_permanently_delete("/E/i"))
    refused("into itself", lambda: dbx.files_move_v2("/A", "/A/x"), "cant_move_folder_into_itself")
    call("delete", lambda: dbx.files_delete_v2("/A/f.txt"))
    call("metadata deleted", lambda: dbx.files_get_metadata("/A/f.txt", include_deleted=True))
    call("revisions deleted", lambda: dbx.files_list_revisions("/A/f.txt"))
    call("restore", lambda: dbx.files_restore("/A/f.txt", upload.rev))
    job = call("delete_batch", lambda: dbx.files_delete_batch([files.DeleteArg("/D"), files.DeleteArg("/none")]))
    call("delete_batch/check", lambda: dbx.files_delete_batch_check(job.get_async_job_id()))


def links_and_people(dbx):
    link = call("create link", lambda: dbx.sharing_create_shared_link_with_settings("/A/f.txt"))
    call("create folder link", lambda: dbx.sharing_create_shared_link_with_settings("/A"))
    refused("link exists", lambda: dbx.sharing_create_shared_link_with_settings("/A"),
            "shared_link_already_exists/metadata")
    call("list links", lambda: dbx.sharing_list_shared_links())
    settings = sharing.SharedLinkSettings(expires=datetime.datetime(2099, 1, 1), link_password="x")
    call("modify link", lambda: dbx.sharing_modify_shared_link_settings(link.url, settings))
    call("link metadata", lambda: dbx.sharing_get_shared_link_metadata(link.url, link_password="x"))
    call("link file", lambda: dbx.sharing_get_shared_link_file(link.url, link_password="x"))
    call("revoke link", lambda: dbx.sharing_revoke_shared_link(link.url))
    account = call("current account", lambda: dbx.users_get_current_account())
    call("account", lambda: dbx.users_get_account(account.account_id))
    call("account batch", lambda: dbx.users_get_account_batch([account.account_id]))
    call("space", lambda: dbx.users_get_space_usage())
    call("features", lambda: dbx.users_features_get_values([users.UserFeature.paper_as_files]))
    call("check user", lambda: dbx.check_user("x"))
    app = dropbox.Dropbox(app_key="key", app_secret="secret", max_retries_on_error=0)
    call("check app", lambda: app.check_app("x"))


def is_known(route):
    method = route.replace("/", "_")
    return any(hasattr(client, method) for client in (dropbox.Dropbox, dropbox.DropboxTeam))


def main():
    dbx = dropbox.Dropbox("test-token", max_retries_on_error=0)
    upload = reading(dbx)
    sessions(dbx)
    writing(dbx, upload)
    links_and_people(dbx)
    business = dropbox.DropboxTeam("test-token", max_retries_on_error=0)
    members = [team.UserSelectorArg.email("anna@example.com"), team.UserSelectorArg.email("no@example.com")]
    call("team info", lambda: business.team_get_info())
    call("members", lambda: business.team_members_get_info(members))
    call("members_v2", lambda: business.team_members_get_info_v2(members))
    call("revoke token", lambda: dbx.auth_token_revoke())
    absent = [name for name in SERVED if not is_known(name)]
    print(json.dumps({"answered": answered, "problems": problems, "called": sorted(called), "absent": absent}))


main()
