using System.Diagnostics;

namespace Actors.EndToEnd.Tests.Support;

/// <summary>Inspects and signals processes by their id.</summary>
internal static class ProcessIds
{
    /// <summary>Returns whether a process runs. A zombie process does not run.</summary>
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
    /// Returns whether debugger files of the runtime remain for a process that started after <paramref name="earliest"/>. Older files
    /// belong to an earlier process with the same id.
    /// </summary>
    public static bool HasLeftFiles(int processId, DateTime earliest) =>
        Directory.EnumerateFiles(Path.GetTempPath(), $"*-{processId}-*").Any(path => File.GetLastWriteTimeUtc(path) >= earliest);

    /// <summary>Sends SIGKILL.</summary>
    public static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
    }

    /// <summary>Sends a signal, such as <c>STOP</c> or <c>CONT</c>.</summary>
    public static async Task SignalAsync(int processId, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{processId}"]);
        await kill.WaitForExitAsync().Soon();
        Assert.Equal(0, kill.ExitCode);
    }
}
