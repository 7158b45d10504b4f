using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests.Documentation;

/// <summary>
/// All runnable blocks of the documents, compiled once into a program that replaces the test client next to the same dependencies.
/// </summary>
public sealed class ExampleProgram : IDisposable
{
    private const string Client = "Actors.EndToEnd.Client.dll";

    private readonly TempFolder _folder = new();

    public ExampleProgram()
    {
        var client = Path.GetDirectoryName(ClientProgram.PathOf("tests/EndToEnd.Client", Client))!;
        // The files are copied, because the host would follow a link to the directory of the client.
        foreach (var file in Directory.EnumerateFiles(client, "*", SearchOption.AllDirectories).Where(IsNeeded))
        {
            var copy = Path.Combine(_folder.Path, Path.GetRelativePath(client, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var framework = (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location));
        Compiler = new ExampleCompiler(
            [
                .. framework, .. Directory.EnumerateFiles(client, "Actors*.dll").Where(path => Path.GetFileName(path) != Client),
                .. Directory.EnumerateFiles(client, "Microsoft.Extensions.*.dll"),
                .. Directory.EnumerateFiles(client, "OpenTelemetry*.dll"),
            ]);
        Blocks = CodeBlock.OfRepository(ClientProgram.Root());
        Errors = Compiler.Compile(
            Path.GetFileNameWithoutExtension(Client), [.. Blocks.Where(block => !block.IsFragment)], Path.Combine(_folder.Path, Client));
    }

    /// <summary>Gets the compiler of the program.</summary>
    internal ExampleCompiler Compiler { get; }

    /// <summary>Gets all blocks, including fragments.</summary>
    internal IReadOnlyList<CodeBlock> Blocks { get; }

    /// <summary>Gets the compiler errors; empty when the program compiles.</summary>
    internal IReadOnlyList<string> Errors { get; }

    /// <summary>Runs blocks in one process. Without names, runs all blocks.</summary>
    /// <returns>The outcome of each block by name, and the lines of standard output and standard error.</returns>
    internal async Task<(IReadOnlyDictionary<string, string> Outcomes, IReadOnlyList<string> Lines)> RunAsync(params string[] names)
    {
        var outcomes = Path.Combine(_folder.Path, $"outcomes-{Guid.NewGuid():N}");
        using var program = ClientProgram.Start(_folder.Path, [outcomes, .. names]);
        var (output, errors) = (program.Output.ReadToEndAsync(), program.Error.ReadToEndAsync());
        await program.ExitAsync(TimeSpan.FromMinutes(2));
        var lines = $"{await output.Soon()}{await errors.Soon()}".Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var ended = File.Exists(outcomes) ? await File.ReadAllLinesAsync(outcomes) : [];
        return (ended.Select(line => line.Split('\t')).ToDictionary(parts => parts[0], parts => parts[1]), lines);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private static bool IsNeeded(string file) => Path.GetFileName(file) != Client && Path.GetExtension(file) is not (".pdb" or ".xml");
}
