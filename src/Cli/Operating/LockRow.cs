using Actors.Cli.Output;
using Actors.Messages.Objects;
using Spectre.Console.Rendering;

namespace Actors.Cli.Operating;

/// <summary>A lock in an answer.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its published name; empty for none.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Holder">The program that holds it; null if it is free.</param>
/// <param name="Waiting">The number of calls that wait for it.</param>
internal sealed record LockRow(string Id, string Name, ObjectKind Kind, string? Holder, int Waiting)
{
    private static readonly string[] Columns = ["lock", "name", "kind", "holder", "waiting"];

    /// <summary>Creates the rows of all locks, those with most waiting calls first.</summary>
    public static IReadOnlyList<LockRow> FromObjects(IEnumerable<ObjectInfo> objects) =>
    [
        .. objects.Select(info => new LockRow(
            $"{info.Object}", info.Name, info.Kind, info.Holder.Length == 0 ? null : info.Holder, info.Waiting))
            .OrderByDescending(info => info.Waiting).ThenBy(info => info.Id, StringComparer.Ordinal),
    ];

    /// <summary>Creates a table of locks.</summary>
    public static IRenderable CreateTable(IEnumerable<LockRow> locks) => Tables.CreateTable(Columns, locks.Select(info => new[]
    {
        info.Id, info.Name, $"{info.Kind}", info.Holder ?? "free", $"{info.Waiting}",
    }));
}
