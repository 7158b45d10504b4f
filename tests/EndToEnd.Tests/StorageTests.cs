using Actors.EndToEnd.Tests.Support;
using Actors.Testing.Storage;

namespace Actors.EndToEnd.Tests;

/// <summary>
/// Full or unusable directories, tested in separate programs: a write to a mapped file without disk space ends the process.
/// </summary>
public sealed class StorageTests
{
    private const string MemoryVariable = "ACTORS_SHARED_MEMORY_DIRECTORY";

    [MountTheory]
    [InlineData("pool", "TMPDIR", 8192)]
    [InlineData("process", "TMPDIR", 4096)]
    [InlineData("array", MemoryVariable, 40_000)]
    [InlineData("block", MemoryVariable, 40_000)]
    public async Task Start_FullFileSystem_ThrowsWithDirectoryAndNeededAndFreeBytes(string operation, string variable, long needed)
    {
        using var full = new SmallFileSystem(4096);
        full.Fill();

        var lines = await RunAsync(Variable(variable, full.Path), "storage", operation);

        Assert.Equal($"{nameof(StorageException)} {full.Path} {needed} 0", lines[0]);
        Assert.Contains($"{needed:N0} bytes are needed and 0 are free", lines[1], StringComparison.Ordinal);
        Assert.Contains($"set {variable}", lines[1], StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(full.Path), file => !Path.GetFileName(file).Contains("diagnostic", StringComparison.Ordinal)
            && !Path.GetFileName(file).Contains("debug", StringComparison.Ordinal));
    }

    [MountFact]
    public async Task StartAsync_SpaceForOneOfTwoWorkers_Throws()
    {
        using var small = new SmallFileSystem(4096);

        var lines = await RunAsync(Variable("TMPDIR", small.Path), "storage", "pool");

        Assert.Equal($"{nameof(StorageException)} {small.Path} 8192 4096", lines[0]);
    }

    [MountFact]
    public async Task ApplyAsync_FileSystemFillsUp_FailsThePoolWithTheCause()
    {
        using var small = new SmallFileSystem(1 << 20);

        var lines = await RunAsync(Variable("TMPDIR", small.Path), "storage-filled");

        Assert.StartsWith($"{nameof(PoolFailedException)} {nameof(StorageException)}", lines[0], StringComparison.Ordinal);
        Assert.Contains(small.Path, lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_MissingTemporaryDirectory_ThrowsAtOnce()
    {
        using var parent = new TempFolder();
        var missing = Path.Combine(parent.Path, "missing");

        var lines = await RunAsync(Variable("TMPDIR", missing), "storage", "pool");

        Assert.StartsWith($"{nameof(StorageException)} {missing} ", lines[0], StringComparison.Ordinal);
        Assert.Contains("there is no such directory", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_TemporaryDirectoryIsAFile_ThrowsAtOnce()
    {
        using var file = new TempFile();

        var lines = await RunAsync(Variable("TMPDIR", file.Path), "storage", "pool");

        Assert.StartsWith($"{nameof(StorageException)} {file.Path} ", lines[0], StringComparison.Ordinal);
    }

    [LongTheory]
    [InlineData(103)]
    [InlineData(400)]
    public async Task StartAsync_TemporaryDirectoryWithALongPath_RunsJobs(int length)
    {
        using var parent = new TempFolder();
        var path = parent.Path;
        while (path.Length < length)
            path = Path.Combine(path, new string('x', Math.Clamp(length - path.Length - 1, 1, 100)));
        Directory.CreateDirectory(path);

        Assert.Equal("done", (await RunAsync(Variable("TMPDIR", path), "storage", "pool"))[0]);
        Assert.Empty(Directory.GetDirectories(path));
    }

    private static Dictionary<string, string> Variable(string name, string value) => new() { [name] = value };

    private static async Task<string[]> RunAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        using var program = ClientProgram.StartTestClient(environment, arguments);
        var errors = program.Error.ReadToEndAsync();
        var output = await program.Output.ReadToEndAsync().Soon();
        await program.ExitAsync();
        Assert.True(program.ExitCode == 0, $"Exit code {program.ExitCode}. {output} {await errors.Soon()}");
        return output.Split('\n');
    }
}
