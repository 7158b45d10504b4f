using System.Diagnostics;

namespace Actors.EndToEnd.Tests.Support;

/// <summary>A program of this repository that runs as a process. It is killed when the test ends.</summary>
internal sealed class ClientProgram : IDisposable
{
    private readonly Process _process;

    private ClientProgram(Process process) => _process = process;

    public StreamReader Output => _process.StandardOutput;

    public StreamReader Error => _process.StandardError;

    public int ProcessId => _process.Id;

    public int ExitCode => _process.ExitCode;

    /// <summary>Gets the folder for temporary files of the program and its workers.</summary>
    public TempFolder Temp { get; } = new();

    /// <param name="project">The folder of the project, relative to the root.</param>
    /// <param name="assembly">The file name of the assembly.</param>
    /// <param name="arguments">The command-line arguments.</param>
    public static ClientProgram Start(string project, string assembly, params string[] arguments) =>
        Start(project, assembly, new Dictionary<string, string>(), arguments);

    /// <summary>Starts a program from another directory that has the file name of the test client.</summary>
    public static ClientProgram Start(string directory, string[] arguments) =>
        Start(Path.Combine(directory, "Actors.EndToEnd.Client.dll"), new Dictionary<string, string>(), arguments);

    /// <summary>Starts a program with environment variables.</summary>
    public static ClientProgram Start(
        string project, string assembly, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
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

    /// <summary>Returns the path of an assembly in the build output of a project.</summary>
    public static string PathOf(string project, string assembly) => Path.Combine(Root(), project, "bin", BuildOutput(), assembly);

    /// <summary>Starts the helper program for tests.</summary>
    public static ClientProgram StartTestClient(params string[] arguments) => StartTestClient(new Dictionary<string, string>(), arguments);

    /// <summary>Starts the helper program for tests with environment variables.</summary>
    public static ClientProgram StartTestClient(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Start("tests/EndToEnd.Client", "Actors.EndToEnd.Client.dll", environment, arguments);

    /// <summary>Reads process ids that the program prints, one in each line.</summary>
    public async Task<int[]> ReadProcessIdsAsync(int count)
    {
        var ids = new int[count];
        for (var i = 0; i < count; i++)
        {
            ids[i] = int.Parse(
                await Output.ReadLineAsync().Soon() ?? await Error.ReadToEndAsync().Soon(),
                System.Globalization.CultureInfo.InvariantCulture);
        }

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

    /// <summary>Returns the build configuration and framework of these tests and of the program, such as <c>Debug/net10.0</c>.</summary>
    private static string BuildOutput()
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
