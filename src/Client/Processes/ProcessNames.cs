using Actors.Messages.Executors;

namespace Actors;

/// <summary>Creates default names for processes: a counter, prefixed with the name of a parent that has a default name.</summary>
internal static class ProcessNames
{
    private const string Stem = "WorkerProcess";

    private static int _last;

    public static string NextName()
    {
        var number = Interlocked.Increment(ref _last);
        return ProcessIdentity.Current is { Name: var own } && own.StartsWith(Stem + "-", StringComparison.Ordinal)
            ? $"{own}:{number}"
            : $"{Stem}-{number}";
    }
}
