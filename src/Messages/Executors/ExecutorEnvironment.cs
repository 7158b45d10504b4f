using System.Runtime.InteropServices;

namespace Actors.Messages.Executors;

/// <summary>
/// The environment variables of a worker that programs started by its jobs must not inherit. The node sets them and passes the previous
/// values; the worker restores those before it runs user code.
/// </summary>
public static partial class ExecutorEnvironment
{
    /// <summary>Environment variable: the values that the node replaced. Removed before user code runs.</summary>
    private const string PreviousVariable = "ACTORS_EXECUTOR_PREVIOUS";
    private const char Separator = '\u001f';

    /// <summary>Whether a variable belongs to the node and the worker.</summary>
    public static bool IsReserved(string name) => name is PreviousVariable or ExecutorProtocol.SocketVariable;

    /// <summary>Sets the variables in the environment of a worker before it starts.</summary>
    public static void ApplySettings(IDictionary<string, string?> environment, IReadOnlyDictionary<string, string> settings)
    {
        var previous = settings.Keys.Select(
            name => environment.TryGetValue(name, out var value) && value is not null ? $"{name}={value}" : name);
        environment[PreviousVariable] = string.Join(Separator, previous);
        foreach (var (name, value) in settings)
            environment[name] = value;
    }

    /// <summary>Restores the previous values in a worker. Call it before other threads can read the environment.</summary>
    public static void RestoreVariables()
    {
        // A node of an older version passes no previous values.
        SetVariable(ExecutorProtocol.SocketVariable, null);
        foreach (var setting in Environment.GetEnvironmentVariable(PreviousVariable)?.Split(Separator) ?? [])
        {
            var parts = setting.Split('=', 2);
            SetVariable(parts[0], parts.Length > 1 ? parts[1] : null);
        }

        SetVariable(PreviousVariable, null);
    }

    private static void SetVariable(string name, string? value)
    {
        Environment.SetEnvironmentVariable(name, value);
        // On Unix the runtime has its own copy of the environment. Programs that native code starts inherit that of the C library.
        if (OperatingSystem.IsWindows())
            return;
        if (value is null)
            _ = UnsetNative(name);
        else
            _ = SetNative(name, value, 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNative(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnsetNative(string name);
}
