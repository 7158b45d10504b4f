using System.Diagnostics;

namespace Actors.EndToEnd.Tests.Support;

/// <summary>Looks at processes from outside.</summary>
internal static class ProcessIds
{
    /// <summary>Whether the process runs. One that has ended and was not yet collected by its parent does not.</summary>
    public static bool IsRunning(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether the runtime's files for debuggers of this process, which started after <paramref name="earliest"/>, are still there. Older
    /// ones are of another process that had the same number.
    /// </summary>
    public static bool HasLeftFiles(int processId, DateTime earliest) =>
        Directory.EnumerateFiles(Path.GetTempPath(), $"*-{processId}-*").Any(path => File.GetLastWriteTimeUtc(path) >= earliest);

    /// <summary>As <c>kill -9</c>.</summary>
    public static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
    }

    /// <summary>As <c>kill -STOP</c> and <c>kill -CONT</c>.</summary>
    public static async Task SignalAsync(int processId, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{processId}"]);
        await kill.WaitForExitAsync().Soon();
        Assert.Equal(0, kill.ExitCode);
    }
}
