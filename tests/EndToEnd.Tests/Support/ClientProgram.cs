using System.Diagnostics;

namespace Actors.EndToEnd.Tests.Support;

/// <summary>A program of this repository as a process, from where it was built; killed with the test.</summary>
internal sealed class ClientProgram : IDisposable
{
    private readonly Process _process;

    private ClientProgram(Process process) => _process = process;

    public StreamReader Output => _process.StandardOutput;

    public StreamReader Error => _process.StandardError;

    public int ProcessId => _process.Id;

    public int ExitCode => _process.ExitCode;

    /// <summary>Where it and its executors have their temporary files.</summary>
    public TempFolder Temp { get; } = new();

    /// <param name="project">Its folder, seen from the root.</param>
    /// <param name="assembly">Its file.</param>
    /// <param name="arguments">What it is told.</param>
    public static ClientProgram Start(string project, string assembly, params string[] arguments) =>
        Start(project, assembly, new Dictionary<string, string>(), arguments);

    /// <summary>Starts a program that takes the place of the test client in another directory.</summary>
    public static ClientProgram Start(string directory, string[] arguments) =>
        Start(Path.Combine(directory, "Actors.EndToEnd.Client.dll"), new Dictionary<string, string>(), arguments);

    private static ClientProgram Start(string project, string assembly, IReadOnlyDictionary<string, string> environment, string[] arguments) =>
        Start(PathOf(project, assembly), environment, arguments);

    private static ClientProgram Start(string path, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var program = new ClientProgram(new Process());
        var info = program._process.StartInfo;
        info.FileName = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";
        info.RedirectStandardOutput = info.RedirectStandardError = true;
        info.Environment["TMPDIR"] = program.Temp.Path;
        foreach (var (name, value) in environment)
            info.Environment[name] = value;
        info.ArgumentList.Add(path);
        foreach (var argument in arguments)
            info.ArgumentList.Add(argument);
        program._process.Start();
        return program;
    }

    /// <summary>Where an assembly of a project was built.</summary>
    public static string PathOf(string project, string assembly) => Path.Combine(Root(), project, "bin", Flavour(), assembly);

    /// <summary>The helper program for tests.</summary>
    public static ClientProgram StartTestClient(params string[] arguments) => StartTestClient(new Dictionary<string, string>(), arguments);

    /// <summary>The helper program for tests, with variables of its environment.</summary>
    public static ClientProgram StartTestClient(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Start("tests/EndToEnd.Client", "Actors.EndToEnd.Client.dll", environment, arguments);

    /// <summary>Process ids as it prints them, a line each.</summary>
    public async Task<int[]> ReadProcessIdsAsync(int count)
    {
        var ids = new int[count];
        for (var i = 0; i < count; i++)
            ids[i] = int.Parse(await Output.ReadLineAsync().Soon() ?? await Error.ReadToEndAsync().Soon(), System.Globalization.CultureInfo.InvariantCulture);
        return ids;
    }

    public void Kill() => _process.Kill();

    public Task ExitAsync() => _process.WaitForExitAsync().Soon();

    public Task ExitAsync(TimeSpan atMost) => _process.WaitForExitAsync().WaitAsync(atMost);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        Temp.Dispose();
    }

    /// <summary>The build flavour of these tests, which is that of the program too: <c>Debug/net10.0</c>.</summary>
    private static string Flavour()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        return Path.Combine(folder.Parent!.Name, folder.Name);
    }

    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Actors.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
