using System.Reflection;

namespace Actors.Messages.Values;

/// <summary>Distinguishes assemblies of the framework and of this library from user assemblies.</summary>
internal static class FrameworkAssemblies
{
    /// <summary>Whether a type belongs to the framework.</summary>
    internal static bool IsFrameworkType(Type type) => AssemblyNames.IsFramework(type.Assembly.GetName().Name!);

    /// <summary>Whether a type belongs to this library.</summary>
    internal static bool IsLibraryType(Type type) => AssemblyNames.IsLibrary(type.Assembly.GetName().Name!);

    /// <summary>Whether a job may call functions of an assembly: it belongs neither to the framework nor to this library.</summary>
    internal static bool IsUserAssembly(Assembly assembly) => assembly.GetName().Name is { } name && AssemblyNames.IsUser(name);
}
