using System.Globalization;
using Actors.Durability;
using Akka.Persistence.Sql.Journal;
using Npgsql;

namespace Actors;

/// <summary>A store in a PostgreSQL database, which all coordinators of a cluster share. Immutable.</summary>
public sealed class PostgresStore : DurableStore
{
    /// <summary>The number of the advisory lock during setup.</summary>
    private const long SetupLock = 0x4163746F7273;

    private const string SettingsFile = "postgresql.conf";

    private readonly NpgsqlConnectionStringBuilder _connection;

    /// <param name="connectionString">
    /// A connection string for Npgsql, such as <c>Host=db;Username=actors;Password=…;Database=actors</c>.
    /// </param>
    /// <exception cref="ArgumentException">The connection string is invalid or has no host.</exception>
    public PostgresStore(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        _connection = new NpgsqlConnectionStringBuilder(connectionString);
        // The session of a coordinator that is paused during a write must not block its successor.
        _connection.Options ??= "-c idle_in_transaction_session_timeout=3s";
        if (string.IsNullOrEmpty(_connection.Host))
        {
            throw new ArgumentException(
                "The connection string has no host. Write Host=…;Username=…;Password=…;Database=….", nameof(connectionString));
        }
    }

    /// <summary>Returns host, port and database, without user and password.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"the PostgreSQL database {_connection.Database} at {_connection.Host}:{_connection.Port}");

    /// <inheritdoc/>
    public override void PrepareStore() => WithConnection(connection =>
    {
        RequireWrittenThrough(setting => SqlStore.ReadScalar(connection, $"SHOW {setting}") as string);
        // Coordinators may start at the same time, and only one at a time can create a table.
        SqlStore.ExecuteCommand(connection, $"SELECT pg_advisory_lock({SetupLock})");
        SqlStore.RefuseNewerVersion(connection, this, "SELECT to_regclass('actors_store')::text");
        SqlStore.CreateTables(connection, "postgresql.sql");
        SqlStore.ExecuteCommand(connection, $"SELECT pg_advisory_unlock({SetupLock})");
    });

    /// <summary>Measures the records and snapshots. The size of the tables would not shrink when they are deleted.</summary>
    /// <exception cref="DurableStoreException">The store cannot be read.</exception>
    public override long MeasureSize()
    {
        var size = 0L;
        WithConnection(connection => size = Convert.ToInt64(
            SqlStore.ReadScalar(
                connection,
                "SELECT COALESCE((SELECT SUM(octet_length(message)) FROM journal), 0) "
                    + "+ COALESCE((SELECT SUM(octet_length(snapshot)) FROM snapshot), 0)"),
            CultureInfo.InvariantCulture));
        return size;
    }

    /// <inheritdoc/>
    protected override string CreateJournalSettings() =>
        SqlStore.CreateJournalSettings(typeof(SqlWriteJournal), SettingsFile, QuoteText(_connection.ConnectionString));

    /// <inheritdoc/>
    protected override string CreateSnapshotSettings() =>
        SqlStore.CreateSnapshotSettings(SettingsFile, QuoteText(_connection.ConnectionString));

    /// <summary>
    /// Refuses a server that loses commits in a crash: one that does not wait for the disk, or can leave half-written pages.
    /// </summary>
    /// <param name="read">Gets the value of a setting.</param>
    internal void RequireWrittenThrough(Func<string, string?> read)
    {
        foreach (var setting in new[] { "synchronous_commit", "fsync", "full_page_writes" })
        {
            if (read(setting) is "off")
                throw new DurableStoreException($"{this} can lose commits: {setting} is off. Turn it on in the server's configuration.");
        }
    }

    private void WithConnection(Action<NpgsqlConnection> step)
    {
        try
        {
            using var connection = new NpgsqlConnection(_connection.ConnectionString);
            connection.Open();
            step(connection);
        }
        catch (Exception exception) when (exception is NpgsqlException or System.Net.Sockets.SocketException or TimeoutException)
        {
            throw new DurableStoreException($"{this} cannot be used: {exception.Message}", exception);
        }
    }
}
