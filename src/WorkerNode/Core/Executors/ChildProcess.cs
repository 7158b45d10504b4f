using System.Diagnostics;
using Actors.Messages.Executors;
using Actors.Messages.Pools;
using Actors.Remoting.Bundles;
using Actors.WorkerNode.Frameworks;

namespace Actors.WorkerNode.Executors;

/// <summary>The process of an executor: starts it, kills it, and reports its exit code. Thread-safe.</summary>
public sealed partial class ChildProcess : IDisposable
{
    private const int SignalBase = 128;
    private const int TerminateSignal = 15;
    private const string HooksVariable = "DOTNET_STARTUP_HOOKS";
    private const string RollForwardVariable = "DOTNET_ROLL_FORWARD";
    private const string HookAssembly = "Actors.Executor";

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream Error => _process.StandardError.BaseStream;

    /// <summary>
    /// Starts an executor. The process runs the assemblies of the user with the entry point of the executor, or a self-contained program
    /// with the executor as its startup hook. The token is written to standard input, which is closed afterwards, because other processes
    /// can read command lines and environments.
    /// </summary>
    /// <param name="code">The code of the user.</param>
    /// <param name="socketPath">The socket that the executor connects to.</param>
    /// <param name="token">The token that it presents there.</param>
    /// <param name="spec">The settings of the pool.</param>
    /// <param name="onExit">Called once, on any thread, when the process has ended.</param>
    /// <exception cref="MissingFrameworkException">A framework of the program is not installed here.</exception>
    /// <exception cref="DirectoryNotFoundException">The working directory of the pool does not exist here.</exception>
    public static ChildProcess StartProcess(CodePaths code, string socketPath, byte[] token, PoolSpec spec, Action onExit)
    {
        var process = new Process { StartInfo = CreateStartInfo(code, socketPath, spec), EnableRaisingEvents = true };
        process.Exited += (_, _) => onExit();
        process.Start();
        try
        {
            using var input = process.StandardInput.BaseStream;
            input.Write(token);
        }
        catch (IOException)
        {
            // The process has ended already. Its exit code says more than the broken pipe.
        }

        return new ChildProcess(process);
    }

    /// <summary>Gets the exit code as Python defines it: negative for a signal. Null while the process runs.</summary>
    public int? GetExitCode()
    {
        if (!_process.HasExited)
            return null;
        var code = _process.ExitCode;
        return code is > SignalBase and < SignalBase + 65 ? SignalBase - code : code;
    }

    /// <summary>Measures the resident memory in bytes; 0 after the process has ended.</summary>
    public long MeasureResidentBytes()
    {
        try
        {
            _process.Refresh();
            return _process.HasExited ? 0 : _process.WorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }

    /// <summary>Asks the process to end, as the <c>kill</c> command of a shell does. On Windows, kills it.</summary>
    public void Terminate()
    {
        if (OperatingSystem.IsWindows())
            Kill();
        else if (GetExitCode() is null)
            _ = SendSignal(_process.Id, TerminateSignal);
    }

    /// <summary>Kills the process. Does nothing after it has ended.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // The process has ended.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();

    private static ProcessStartInfo CreateStartInfo(CodePaths code, string socketPath, PoolSpec spec)
    {
        var info = code.Program is { } program ? new ProcessStartInfo(program) : CreateDotNetExec(code);
        info.RedirectStandardInput = true;
        info.RedirectStandardOutput = true;
        info.RedirectStandardError = true;
        if (spec.Environment is { } environment)
            ApplyEnvironment(info, environment);
        if (code.Program is null)
            RequireFrameworks(code, info);
        var settings = CreateSettings(info.Environment, socketPath, spec.MemoryLimitBytes, isHooked: code.Program is not null);
        foreach (var (name, _) in spec.Environment?.Variables ?? [])
        {
            // The pool's own settings of .NET count.
            if (name != HooksVariable)
                settings.Remove(name);
        }

        ExecutorEnvironment.ApplySettings(info.Environment, settings);
        return info;
    }

    private static void ApplyEnvironment(ProcessStartInfo info, WorkerEnvironment environment)
    {
        foreach (var (name, value) in environment.Variables)
        {
            if (ExecutorEnvironment.IsReserved(name))
                throw new InvalidDataException($"The environment variable '{name}' belongs to the worker and cannot be set.");
            info.Environment[name] = value;
        }

        if (environment.Directory is not { } directory)
            return;
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException(
                $"The working directory '{directory}' of the workers does not exist on this node. Create it there, or change "
                + "PoolOptions.WorkingDirectory.");
        }

        info.WorkingDirectory = directory;
    }

    /// <summary>Refuses a program whose process would end with exit code 150, before it is started.</summary>
    private static void RequireFrameworks(CodePaths code, ProcessStartInfo info)
    {
        info.Environment.TryGetValue(RollForwardVariable, out var rollForward);
        new InstalledFrameworks(DotNetHost.Root).RequireFrameworksOf(code.RuntimeConfigFile, rollForward);
    }

    private static ProcessStartInfo CreateDotNetExec(CodePaths code) => new(DotNetHost.Path)
    {
        ArgumentList = { "exec", "--depsfile", code.DepsFile, "--runtimeconfig", code.RuntimeConfigFile, code.ExecutorAssembly },
    };

    /// <summary>Creates the environment variables of the executor. Programs that its jobs start do not inherit them.</summary>
    private static Dictionary<string, string> CreateSettings(
        IDictionary<string, string?> inherited, string socketPath, long memoryLimitBytes, bool isHooked)
    {
        var settings = new Dictionary<string, string>
        {
            [ExecutorProtocol.SocketVariable] = socketPath,
            // An executor runs one job at a time: a heap for each core would only cost memory, and profiling instrumentation would only
            // delay its start.
            ["DOTNET_gcServer"] = "0",
            ["DOTNET_gcConcurrent"] = "0",
            ["DOTNET_TieredPGO"] = "0",
        };
        // Killed processes leave the files of the debugger interface behind, and executors are often killed. Set this variable to 1 to
        // debug an executor.
        if (!inherited.ContainsKey("DOTNET_EnableDiagnostics"))
            settings["DOTNET_EnableDiagnostics"] = "0";
        if (memoryLimitBytes > 0)
            settings["DOTNET_GCHeapHardLimit"] = memoryLimitBytes.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
        if (isHooked)
            settings[HooksVariable] = inherited.TryGetValue(HooksVariable, out var hooks) && hooks is { Length: > 0 }
                ? $"{hooks}{Path.PathSeparator}{HookAssembly}"
                : HookAssembly;
        return settings;
    }

    [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
