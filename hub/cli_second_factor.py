from __future__ import annotations

from collections.abc import Callable

import click

from channels.model import Channel
from hub.actions.tell_of_second_factor import reset_by_operator
from hub.wiring import House
from kernel.errors import InvalidInputError
from kernel.work import Ground
from people.model import PersonCard
from people.queries import persons_by_address
from people.queries.factors import factors_of
from people.rules import normalise_address


def second_factor_group(open_house: Callable[[], House]) -> click.Group:
    """Return the commands that help where no administrator can."""

    @click.group(name="second-factor")
    def group() -> None:
        """Help somebody who lost their second factor, where no administrator can."""

    @group.command()
    def reset() -> None:
        """Reset the second factor of one person; asks for their email address, so that it stands in no history."""
        house = open_house()
        try:
            _reset(house.ground)
        finally:
            house.close()

    return group


def _reset(ground: Ground) -> None:
    found = _owners(ground, click.prompt("Email address of the person"))
    if not found:
        raise click.ClickException("Nobody with that address has a second factor.")
    for number, card in enumerate(found, 1):
        click.echo(f"{number}  {card.name}")
    chosen = click.prompt("Which of them", type=click.IntRange(1, len(found))) if len(found) > 1 else 1
    click.confirm(f"Reset the second factor of {found[chosen - 1].name}", abort=True)
    with ground.work() as work:
        reset_by_operator(work, found[chosen - 1].id)
    click.echo("It is reset. They are signed out, and the hub tells them.")


def _owners(ground: Ground, written: str) -> list[PersonCard]:
    try:
        address = normalise_address(Channel.EMAIL, written)
    except InvalidInputError as error:
        raise click.ClickException(str(error)) from error
    with ground.read() as session:
        known = persons_by_address(session, Channel.EMAIL, address)
        return [card for card in known if factors_of(session, card.id).has_any]
