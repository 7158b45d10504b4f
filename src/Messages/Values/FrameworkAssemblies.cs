using System.Reflection;

namespace Actors.Messages.Values;

/// <summary>Distinguishes assemblies of the framework and of this library from user assemblies.</summary>
internal static class FrameworkAssemblies
{
    /// <summary>Whether a type belongs to the framework.</summary>
    internal static bool IsFrameworkType(Type type) => IsFrameworkAssembly(type.Assembly.GetName().Name!);

    /// <summary>Whether an assembly, given by its simple name, belongs to the framework.</summary>
    internal static bool IsFrameworkAssembly(string name) =>
        name is "System" or "mscorlib" or "netstandard" or "WindowsBase"
        || name.StartsWith("System.", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Microsoft.", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether an assembly, given by its simple name, belongs to this library.</summary>
    internal static bool IsLibrary(string name) =>
        name is "Actors" or "Actors.Messages" or "Actors.Remoting" or "Actors.Coordinator" or "Actors.Coordinator.Core"
        or "Actors.Durability" or "Actors.Executor" or "Actors.Hosting" or "Actors.Programs" or "Actors.WorkerNode";

    /// <summary>Whether a job may call functions of an assembly: it belongs neither to the framework nor to this library.</summary>
    internal static bool IsUserAssembly(Assembly assembly) =>
        assembly.GetName().Name is { } name && !IsFrameworkAssembly(name) && !IsLibrary(name);
}
