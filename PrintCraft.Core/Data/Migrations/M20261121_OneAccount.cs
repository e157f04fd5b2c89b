using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PrintCraft.Core.Data.Migrations;

/// <summary>One account row per user, with the number of his newest event, and one index less per journal entry: both measured (docs/performance.md).</summary>
[DbContext(typeof(PrintCraftDb))]
[Migration("20261121180000_OneAccount")]
internal sealed class M20261121_OneAccount : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("""
            -- Available and held always change together, and whoever tells an event changes the row anyhow.
            ALTER TABLE accounts ADD held bigint NOT NULL DEFAULT 0, ADD last_event bigint NOT NULL DEFAULT 0;
            UPDATE accounts SET held = other.balance FROM accounts AS other WHERE other.user_id = accounts.user_id AND other.kind = 'held' AND accounts.kind = 'available';
            DELETE FROM accounts WHERE kind = 'held';
            UPDATE accounts SET last_event = users.last_event FROM users WHERE users.id = accounts.user_id;
            ALTER TABLE users DROP last_event, RESET (fillfactor);
            ALTER TABLE accounts DROP CONSTRAINT pk_accounts, DROP CONSTRAINT ck_accounts_balance, DROP CONSTRAINT ck_accounts_expiring, DROP kind;
            ALTER TABLE accounts RENAME balance TO available;
            ALTER TABLE accounts ALTER held DROP DEFAULT, ALTER last_event DROP DEFAULT;
            ALTER TABLE accounts ADD CONSTRAINT pk_accounts PRIMARY KEY (user_id), ADD CONSTRAINT ck_accounts_available CHECK (available >= 0),
                ADD CONSTRAINT ck_accounts_held CHECK (held >= 0), ADD CONSTRAINT ck_accounts_expiring CHECK (expiring BETWEEN 0 AND available);

            -- Entries are written only by the statement that writes their journal, and nothing of either is ever changed: a check per entry proved nothing.
            ALTER TABLE journal_entries DROP CONSTRAINT fk_journal_entries_journals_journal_id, DROP CONSTRAINT pk_journal_entries;
            DROP INDEX ix_journal_entries_user_id_journal_id;
            ALTER TABLE journal_entries ADD CONSTRAINT pk_journal_entries PRIMARY KEY (user_id, journal_id, account);
            CREATE INDEX ix_journal_entries_journal_id ON journal_entries USING brin (journal_id) WITH (pages_per_range = 16, autosummarize = on);
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("""
            DROP INDEX ix_journal_entries_journal_id;
            ALTER TABLE journal_entries DROP CONSTRAINT pk_journal_entries;
            ALTER TABLE journal_entries ADD CONSTRAINT pk_journal_entries PRIMARY KEY (journal_id, user_id, account),
                ADD CONSTRAINT fk_journal_entries_journals_journal_id FOREIGN KEY (journal_id) REFERENCES journals ON DELETE RESTRICT;
            CREATE INDEX ix_journal_entries_user_id_journal_id ON journal_entries (user_id, journal_id);
            ALTER TABLE users ADD last_event bigint NOT NULL DEFAULT 0, SET (fillfactor = 50);
            UPDATE users SET last_event = accounts.last_event FROM accounts WHERE accounts.user_id = users.id;
            ALTER TABLE users ALTER last_event DROP DEFAULT;
            ALTER TABLE accounts ADD kind text NOT NULL DEFAULT 'available' CONSTRAINT ck_accounts_kind CHECK (kind IN ('available', 'held'));
            ALTER TABLE accounts ALTER kind DROP DEFAULT;
            ALTER TABLE accounts DROP CONSTRAINT pk_accounts, DROP CONSTRAINT ck_accounts_available, DROP CONSTRAINT ck_accounts_expiring;
            ALTER TABLE accounts RENAME available TO balance;
            INSERT INTO accounts (user_id, kind, balance, held, expiring, last_event) SELECT user_id, 'held', held, 0, 0, 0 FROM accounts;
            ALTER TABLE accounts DROP held, DROP last_event;
            ALTER TABLE accounts ADD CONSTRAINT pk_accounts PRIMARY KEY (user_id, kind), ADD CONSTRAINT ck_accounts_balance CHECK (balance >= 0),
                ADD CONSTRAINT ck_accounts_expiring CHECK (expiring BETWEEN 0 AND balance);
            """);
}
