"""A provider writes what families read of its setting."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from fps.actions.directory.write_profile import WriteProfile, write_profile
from fps.model import SettingCard
from fps.model.directory import ALTERNATIVE_PROVISION, Profile
from fps.queries import setting
from fps.queries.profiles import profile_versions
from fps.web.directory_forms import ProfileForm
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.web import ground
from people.permissions import Permission, organisations_with
from people.web.guard import current_actor, requires

pages = Blueprint("own_profile", __name__)

_AP_ONLY = ("hours", "subjects", "key_stages", "attendance")


def own_setting(setting_id: str) -> SettingCard:
    """Return a setting of the actor's own provider; raises NotFoundError for everybody else's."""
    with ground().read() as session:
        card = setting(session, setting_id)
    if card.provider_id not in organisations_with(current_actor(), Permission.SETTINGS_OWN):
        raise NotFoundError
    return card


@pages.route("/my-settings/<setting_id>/profile", methods=["GET", "POST"])
@requires(Permission.SETTINGS_OWN)
def edit(setting_id: str) -> str | Response | tuple[str, int]:
    """Write a setting's page of the directory; keep it as a draft, or publish it."""
    card, form = own_setting(setting_id), ProfileForm()
    if card.kind not in ALTERNATIVE_PROVISION:
        for name in _AP_ONLY:
            del form[name]
    if not form.is_submitted():
        return _page(card, form, is_new=True)
    if not form.validate():
        return _page(card, form), 422
    is_published = "publish" in request.form
    command = WriteProfile(card.id, form.profile(), is_published, form.seen_number())
    try:
        with ground().work() as work:
            write_profile(work, current_actor(), command)
    except InvalidInputError as error:
        form.show(error)
        return _page(card, form), error.status
    except ConflictError as error:
        return _page(card, form, refusal=str(error)), error.status
    flash("The page is published." if is_published else "The draft is kept. Nobody else sees it until you publish it.")
    return redirect(url_for(".edit", setting_id=card.id), code=303)


def _page(card: SettingCard, form: ProfileForm, *, is_new: bool = False, refusal: str = "") -> str:
    with ground().read() as session:
        versions = profile_versions(session, card.id)
    if is_new:
        form.fill(*((versions[0].content, versions[0].number) if versions else (Profile(), 0)))
    return render_template(
        "fps/directory/own_profile.html",
        card=card,
        form=form,
        versions=versions,
        refusal=refusal,
        is_draft=bool(versions) and versions[0].published_at is None,
        is_public=any(version.published_at for version in versions),
    )
