using Actors.Messages.Executors;

namespace Actors;

/// <summary>Names for processes that were given none: counted, behind the name of the process that starts them.</summary>
internal static class ProcessNames
{
    private const string Stem = "WorkerProcess";

    private static int _last;

    public static string Next()
    {
        var number = Interlocked.Increment(ref _last);
        return ProcessIdentity.Current is { Name: var own } && own.StartsWith(Stem + "-", StringComparison.Ordinal) ? $"{own}:{number}" : $"{Stem}-{number}";
    }
}
