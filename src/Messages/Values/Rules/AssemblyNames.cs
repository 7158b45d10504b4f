namespace Actors.Messages.Values;

/// <summary>Distinguishes assemblies of the framework and of this library from user assemblies, by their simple names.</summary>
public static class AssemblyNames
{
    /// <summary>The library of F#, whose collections compare keys by their values.</summary>
    public const string FSharp = "FSharp.Core";

    /// <summary>Whether an assembly belongs to the framework.</summary>
    public static bool IsFramework(string name) =>
        name is "System" or "mscorlib" or "netstandard" or "WindowsBase"
        || name.StartsWith("System.", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Microsoft.", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether an assembly belongs to this library.</summary>
    public static bool IsLibrary(string name) =>
        name is "Actors" or "Actors.AspNetCore" or "Actors.Cli" or "Actors.Messages" or "Actors.Remoting" or "Actors.Coordinator"
        or "Actors.Coordinator.Core" or "Actors.Durability" or "Actors.Executor" or "Actors.Hosting" or "Actors.Programs"
        or "Actors.Programs.Hosting" or "Actors.Runner" or "Actors.WorkerNode" or "Actors.WorkerNode.Core";

    /// <summary>Whether a job may call functions of an assembly: it belongs neither to the framework nor to this library.</summary>
    public static bool IsUser(string name) => !IsFramework(name) && !IsLibrary(name);
}
