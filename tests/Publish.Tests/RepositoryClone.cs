using System.Diagnostics;

namespace Actors.Publish.Tests;

/// <summary>A clone of the last commit of this repository, with the address of a repository on GitHub.</summary>
internal sealed class RepositoryClone : IDisposable
{
    /// <summary>The address of the repository on GitHub.</summary>
    public const string Address = "https://github.com/example/actors";

    private RepositoryClone(string directory) => Directory = directory;

    /// <summary>Gets the directory of the clone.</summary>
    public string Directory { get; }

    /// <summary>Clones the repository of this test.</summary>
    public static async Task<RepositoryClone> CreateAsync()
    {
        var clone = new RepositoryClone(System.IO.Directory.CreateTempSubdirectory("actors-clone-").FullName);
        await clone.RunAsync("git", "clone", "--quiet", "--no-hardlinks", UserProgram.Root, clone.Directory);
        await clone.RunAsync("git", "remote", "set-url", "origin", $"{Address}.git");
        return clone;
    }

    /// <summary>Gets the id of the last commit.</summary>
    public async Task<string> GetCommitAsync() => (await RunAsync("git", "rev-parse", "HEAD")).Trim();

    /// <summary>Runs a program in the directory, and returns its output.</summary>
    public async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (exitCode, text) = await UserProgram.RunAsync(new ProcessStartInfo(program, arguments) { WorkingDirectory = Directory });
        Assert.True(exitCode == 0, text);
        return text;
    }

    /// <inheritdoc/>
    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
