using System.CommandLine;

namespace Actors.Cli.Operating;

/// <summary>The commands <c>queues</c> and <c>locks</c>: the managed objects of a cluster.</summary>
internal sealed class ObjectCommands
{
    private readonly ClusterConnection _connection = new();

    /// <summary>Creates the commands.</summary>
    public IEnumerable<Command> CreateCommands()
    {
        var queues = new Command(
            "queues",
            "Lists the queues of managers and the loaded durable queues at the coordinators: items, capacity and waiting calls.");
        queues.SetAction((parsed, token) => _connection.ListAllAsync(
            parsed, session => session.ListObjectsAsync(areLocks: false, token), QueueRow.FromObjects, QueueRow.CreateTable, token));
        yield return _connection.AddTo(queues);
        var locks = new Command("locks", "Lists the locks of managers at the coordinators: their holders and waiting calls.");
        locks.SetAction((parsed, token) => _connection.ListAllAsync(
            parsed, session => session.ListObjectsAsync(areLocks: true, token), LockRow.FromObjects, LockRow.CreateTable, token));
        yield return _connection.AddTo(locks);
    }
}
