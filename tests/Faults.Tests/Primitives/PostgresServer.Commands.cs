using Actors.Durability;
using Npgsql;

namespace Actors.Testing;

/// <summary>Commands to the database.</summary>
internal sealed partial class PostgresServer
{
    /// <summary>Executes an SQL command.</summary>
    public void Execute(string sql)
    {
        using var connection = new NpgsqlConnection(File.ReadAllText(ConnectionFile));
        connection.Open();
        SqlStore.ExecuteCommand(connection, sql);
    }
}
