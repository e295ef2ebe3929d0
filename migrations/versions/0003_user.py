"""User service: users, profiles, preferences, statistics, follows."""

from __future__ import annotations

from migrations.script import run_script

revision = "0003"
down_revision = "0002"

SQL = """
create schema if not exists user_service;

-- Who someone is, apart from the wallets they use. Never deleted: `status` says what they may do.
create table if not exists user_service.users (
    user_id uuid primary key default gen_random_uuid(),
    status varchar(32) not null default 'active',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint users_status_check check (status in ('active', 'banned', 'deleted', 'suspended'))
);

-- What a user shows of themselves.
create table if not exists user_service.profiles (
    user_id uuid primary key references user_service.users on delete cascade,
    username varchar(30) collate "C", -- ASCII; searched by prefix
    username_changed_at timestamptz, -- null until the first name was given up for another
    display_name varchar(50),
    bio text,
    avatar_id sha256_hex, -- of the user's own media
    banner_id sha256_hex,
    locale varchar(35), -- BCP 47
    timezone varchar(64), -- IANA name
    socials_json jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint profiles_username_check check (username ~ '^[A-Za-z0-9_]{3,30}$'),
    constraint profiles_bio_check check (char_length(bio) <= 500),
    constraint profiles_socials_json_check check (jsonb_typeof(socials_json) = 'object')
);
-- Names that differ only in case are one name.
create unique index if not exists profiles_username_key on user_service.profiles (lower(username));

-- Who may have a username: its skeleton is one for all names that look alike, in any case. A row stays for some time
-- after its user has chosen another name, so that nobody else can take the old one and be taken for its user.
create table if not exists user_service.usernames (
    skeleton varchar(60) collate "C" primary key, -- an m counts as two characters
    username varchar(30) collate "C" not null,
    user_id uuid not null references user_service.users on delete cascade,
    held_until timestamptz, -- null while the user has the name
    constraint usernames_username_check check (username ~ '^[A-Za-z0-9_]{3,30}$'),
    constraint usernames_skeleton_check check (
        skeleton = replace(translate(lower(username), '01i', 'oll'), 'm', 'rn')
    )
);
create index if not exists usernames_user_id_idx on user_service.usernames (user_id);

-- What a user wants of us.
create table if not exists user_service.user_preferences (
    user_id uuid primary key references user_service.users on delete cascade,
    email_notifications boolean not null default true,
    push_notifications boolean not null default true,
    marketing_emails boolean not null default false,
    theme varchar(20) not null default 'auto',
    privacy_level varchar(20) not null default 'public',
    currency varchar(10) not null default 'USD',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint user_preferences_theme_check check (theme in ('light', 'dark', 'auto')),
    constraint user_preferences_privacy_level_check check (privacy_level in ('public', 'private', 'friends')),
    constraint user_preferences_currency_check check (currency ~ '^[A-Z0-9]{2,10}$')
);

-- Counters kept by those who change what they count. Volumes are in the native currency, 8 decimals, for display.
create table if not exists user_service.user_stats (
    user_id uuid primary key references user_service.users on delete cascade,
    collections_count integer not null default 0,
    items_count integer not null default 0,
    listings_count integer not null default 0,
    sales_count integer not null default 0,
    purchases_count integer not null default 0,
    volume_sold numeric not null default 0,
    volume_purchased numeric not null default 0,
    followers_count integer not null default 0,
    following_count integer not null default 0,
    updated_at timestamptz not null default now(),
    constraint user_stats_counts_check check (
        collections_count >= 0 and items_count >= 0 and listings_count >= 0 and sales_count >= 0
        and purchases_count >= 0 and followers_count >= 0 and following_count >= 0
    ),
    constraint user_stats_volumes_check check (volume_sold >= 0 and volume_purchased >= 0)
);

-- Who follows whom.
create table if not exists user_service.user_follows (
    follower_id uuid not null references user_service.users on delete cascade,
    following_id uuid not null references user_service.users on delete cascade,
    created_at timestamptz not null default now(),
    primary key (follower_id, following_id),
    constraint user_follows_self_check check (follower_id <> following_id)
);
create index if not exists user_follows_followers_idx
    on user_service.user_follows (following_id, created_at desc, follower_id desc);
create index if not exists user_follows_following_idx
    on user_service.user_follows (follower_id, created_at desc, following_id desc);

-- Who does not want to be seen or followed by whom. The two do not follow each other.
create table if not exists user_service.user_blocks (
    blocker_id uuid not null references user_service.users on delete cascade,
    blocked_id uuid not null references user_service.users on delete cascade,
    created_at timestamptz not null default now(),
    primary key (blocker_id, blocked_id),
    constraint user_blocks_self_check check (blocker_id <> blocked_id)
);
create index if not exists user_blocks_list_idx
    on user_service.user_blocks (blocker_id, created_at desc, blocked_id desc);
create index if not exists user_blocks_blocked_id_idx on user_service.user_blocks (blocked_id);

-- Accounts whose users have asked for the deletion: one row for each, of the last time.
create table if not exists user_service.deletions (
    user_id uuid primary key references user_service.users on delete cascade,
    asked_at timestamptz not null default now(),
    due_at timestamptz not null, -- until then it can be taken back
    taken_back_at timestamptz,
    begun_at timestamptz, -- from then on it cannot
    erased_at timestamptz,
    constraint deletions_due_at_check check (due_at >= asked_at),
    constraint deletions_taken_back_at_check check (taken_back_at is null or begun_at is null),
    constraint deletions_erased_at_check check (erased_at is null or begun_at is not null)
);

-- Archives of all that is held of a user. The bytes are in the object store, under the id.
create table if not exists user_service.exports (
    export_id uuid primary key,
    user_id uuid not null references user_service.users on delete cascade,
    asked_at timestamptz not null default now(),
    ready_at timestamptz, -- null while it is written
    expires_at timestamptz,
    bytes bigint,
    dropped_at timestamptz, -- when the bytes were deleted
    constraint exports_ready_at_check check (
        (ready_at is null) = (expires_at is null) and (ready_at is null) = (bytes is null)
    ),
    constraint exports_bytes_check check (bytes > 0)
);
create index if not exists exports_user_id_idx on user_service.exports (user_id, asked_at desc);

create or replace function user_service.create_companions() returns trigger language plpgsql as $$
begin
    insert into user_service.profiles (user_id) values (new.user_id) on conflict do nothing;
    insert into user_service.user_preferences (user_id) values (new.user_id) on conflict do nothing;
    insert into user_service.user_stats (user_id) values (new.user_id) on conflict do nothing;
    return null;
end $$;
create or replace trigger users_create_companions after insert on user_service.users
    for each row execute function user_service.create_companions();

create or replace function user_service.count_follow() returns trigger language plpgsql as $$
declare
    follower uuid := coalesce(new.follower_id, old.follower_id);
    followed uuid := coalesce(new.following_id, old.following_id);
    step integer := case tg_op when 'INSERT' then 1 else -1 end;
begin
    -- Both rows in the order of their ids: two users who follow each other at once must not deadlock.
    perform from user_service.user_stats where user_id in (follower, followed) order by user_id for update;
    update user_service.user_stats set
        following_count = following_count + case when user_id = follower then step else 0 end,
        followers_count = followers_count + case when user_id = followed then step else 0 end
    where user_id in (follower, followed);
    return null;
end $$;
create or replace trigger user_follows_count after insert or delete on user_service.user_follows
    for each row execute function user_service.count_follow();

create or replace trigger users_touch before update on user_service.users
    for each row execute function touch_updated_at();
create or replace trigger profiles_touch before update on user_service.profiles
    for each row execute function touch_updated_at();
create or replace trigger user_preferences_touch before update on user_service.user_preferences
    for each row execute function touch_updated_at();
create or replace trigger user_stats_touch before update on user_service.user_stats
    for each row execute function touch_updated_at();
"""


def upgrade() -> None:
    """Create `user_service`."""
    run_script(SQL)
