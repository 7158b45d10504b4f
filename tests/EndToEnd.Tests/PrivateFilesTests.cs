using System.Diagnostics;
using System.Runtime.Versioning;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>The permissions of all files that a program of this library creates without a umask.</summary>
[SupportedOSPlatform("linux")]
public sealed class PrivateFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [LongFact]
    public async Task Program_WithoutAUmask_CreatesOnlyPrivateFiles()
    {
        using var program = Start();
        Assert.Equal("ready", await program.StandardOutput.ReadLineAsync().Soon() ?? await program.StandardError.ReadToEndAsync().Soon());

        var entries = new DirectoryInfo(_folder.Path).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Where(entry => !entry.Name.StartsWith("dotnet-diagnostic-", StringComparison.Ordinal) && !entry.Name.StartsWith(
                "clr-debug-pipe-", StringComparison.Ordinal))
            .ToDictionary(entry => Path.GetRelativePath(_folder.Path, entry.FullName), entry => entry.UnixFileMode);
        program.StandardInput.Close();
        await program.WaitForExitAsync().Soon();

        foreach (
            var kind in new[] { "store.db", "store.db-wal", "store.db-shm", "node.sock", ".progress", "actors-shm-", "actors-owner-",
                "listener", "state/deep" })
            Assert.Contains(entries.Keys, path => path.Contains(kind, StringComparison.Ordinal));
        Assert.Empty(entries.Where(
            entry => (entry.Value & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)) != 0)
            .Select(entry => $"{entry.Key}: {entry.Value}"));
    }

    private Process Start()
    {
        var info = new ProcessStartInfo("sh")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            ArgumentList =
            {
                "-c", "umask 000; exec dotnet \"$0\" files \"$1\"", ClientProgram.PathOf(
                    "tests/EndToEnd.Client", "Actors.EndToEnd.Client.dll"), _folder.Path,
            },
        };
        info.Environment["TMPDIR"] = info.Environment["ACTORS_SHARED_MEMORY_DIRECTORY"] = _folder.Path;
        info.Environment["XDG_CACHE_HOME"] = Path.Combine(_folder.Path, "cache");
        info.Environment["DOTNET_EnableDiagnostics"] = "0";
        return Process.Start(info)!;
    }
}
