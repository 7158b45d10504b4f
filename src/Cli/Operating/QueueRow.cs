using Actors.Cli.Output;
using Actors.Messages.Objects;
using Spectre.Console.Rendering;

namespace Actors.Cli.Operating;

/// <summary>A queue in an answer.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its published name, or that of a durable queue; empty for none.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Items">The number of items.</param>
/// <param name="Capacity">The capacity; null for none.</param>
/// <param name="WaitingGets">The number of calls that wait for an item.</param>
/// <param name="WaitingPuts">The number of calls that wait for space.</param>
/// <param name="IsDurable">Whether it is in the store of the coordinators.</param>
internal sealed record QueueRow(
    string Id, string Name, ObjectKind Kind, long Items, long? Capacity, int WaitingGets, int WaitingPuts, bool IsDurable)
{
    private static readonly string[] Columns = ["queue", "name", "kind", "items", "capacity", "waiting gets", "waiting puts", "durable"];

    /// <summary>Creates the rows of all queues, the longest first.</summary>
    public static IReadOnlyList<QueueRow> FromObjects(IEnumerable<ObjectInfo> objects) =>
    [
        .. objects.Select(queue => new QueueRow(
            $"{queue.Object}", queue.Name, queue.Kind, queue.Count, queue.Capacity == 0 ? null : queue.Capacity, queue.Waiting,
            queue.WaitingPuts, queue.IsDurable)).OrderByDescending(queue => queue.Items).ThenBy(queue => queue.Id, StringComparer.Ordinal),
    ];

    /// <summary>Creates a table of queues.</summary>
    public static IRenderable CreateTable(IEnumerable<QueueRow> queues) => Tables.CreateTable(Columns, queues.Select(queue => new[]
    {
        queue.Id, queue.Name, $"{queue.Kind}", $"{queue.Items}", $"{queue.Capacity}", $"{queue.WaitingGets}", $"{queue.WaitingPuts}",
        queue.IsDurable ? "yes" : "",
    }));
}
