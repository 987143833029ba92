import pytest

from kernel.work import Ground
from tests.surveys.forum_world import ForumWorld


@pytest.fixture
def world(ground: Ground) -> ForumWorld:
    return ForumWorld(ground)
