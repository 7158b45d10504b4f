using System.Reflection;

namespace Actors.Messages.Values;

/// <summary>Tells the framework's assemblies, and this library's own, from the user's.</summary>
internal static class FrameworkAssemblies
{
    /// <summary>Whether a type is the framework's.</summary>
    internal static bool IsFrameworkType(Type type) => IsFrameworkAssembly(type.Assembly.GetName().Name!);

    /// <summary>Whether an assembly is the framework's, by its simple name.</summary>
    internal static bool IsFrameworkAssembly(string name) =>
        name is "System" or "mscorlib" or "netstandard" or "WindowsBase"
        || name.StartsWith("System.", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Microsoft.", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether an assembly is one of this library's, by its simple name.</summary>
    internal static bool IsLibrary(string name) =>
        name is "Actors" or "Actors.Messages" or "Actors.Remoting" or "Actors.Coordinator" or "Actors.Coordinator.Core"
        or "Actors.Durability" or "Actors.Executor" or "Actors.Hosting" or "Actors.WorkerNode";

    /// <summary>Whether an assembly holds functions that a job may name: neither the framework's nor this library's.</summary>
    internal static bool IsUserAssembly(Assembly assembly) =>
        assembly.GetName().Name is { } name && !IsFrameworkAssembly(name) && !IsLibrary(name);
}
