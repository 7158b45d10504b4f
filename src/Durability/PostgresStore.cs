using Actors.Durability;
using Akka.Configuration;
using Npgsql;

namespace Actors;

/// <summary>A store that is a PostgreSQL database, which all coordinators of a cluster share. Immutable.</summary>
public sealed class PostgresStore : DurableStore
{
    /// <summary>A number that nothing else locks.</summary>
    private const long SetupLock = 0x4163746F7273;

    private readonly NpgsqlConnectionStringBuilder _connection;

    /// <param name="connectionString">As Npgsql takes it, such as <c>Host=db;Username=actors;Password=…;Database=actors</c>.</param>
    /// <exception cref="ArgumentException">It cannot be read, or names no host.</exception>
    public PostgresStore(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        _connection = new NpgsqlConnectionStringBuilder(connectionString);
        // A coordinator that is stopped in the middle of a write must not hold up the one that takes its place.
        _connection.Options ??= "-c idle_in_transaction_session_timeout=3s";
        if (string.IsNullOrEmpty(_connection.Host))
            throw new ArgumentException("The connection string names no host: write Host=…;Username=…;Password=…;Database=….", nameof(connectionString));
    }

    /// <summary>Host, port and database; no user and no password.</summary>
    public override string ToString() => FormattableString.Invariant($"the PostgreSQL database {_connection.Database} at {_connection.Host}:{_connection.Port}");

    internal override Config CreatePluginSettings(string path) => SqlStore.CreateConfig(path, "postgresql.conf", _connection.ConnectionString);

    internal override void PrepareStore() => WithConnection(connection =>
    {
        RequireWrittenThrough(setting => SqlStore.ReadScalar(connection, $"SHOW {setting}") as string);
        // Several coordinators start at once, and a table can be made by one at a time.
        SqlStore.ExecuteCommand(connection, $"SELECT pg_advisory_lock({SetupLock})");
        SqlStore.RefuseNewerVersion(connection, this, "SELECT to_regclass('actors_store')::text");
        SqlStore.CreateTables(connection, "postgresql.sql");
        SqlStore.ExecuteCommand(connection, $"SELECT pg_advisory_unlock({SetupLock})");
    });

    /// <summary>Refuses what is lost with the server or its power: a commit that is not waited for, or is never on the disk, or on half a page of it.</summary>
    /// <param name="read">The value of a setting.</param>
    internal void RequireWrittenThrough(Func<string, string?> read)
    {
        foreach (var setting in new[] { "synchronous_commit", "fsync", "full_page_writes" })
        {
            if (read(setting) is "off")
                throw new DurableStoreException($"{this} cannot be relied on: {setting} is off.");
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
