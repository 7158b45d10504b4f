using System.Reflection;

namespace Actors.Messages.Values;

/// <summary>Distinguishes assemblies of the framework and of this library from user assemblies.</summary>
public static class FrameworkAssemblies
{
    /// <summary>Whether a type belongs to the framework.</summary>
    public static bool IsFrameworkType(Type type) => AssemblyNames.IsFramework(type.Assembly.GetName().Name!);

    /// <summary>Whether a type belongs to this library.</summary>
    public static bool IsLibraryType(Type type) => AssemblyNames.IsLibrary(type.Assembly.GetName().Name!);

    /// <summary>Whether a job may call functions of an assembly: it belongs neither to the framework nor to this library.</summary>
    public static bool IsUserAssembly(Assembly assembly) => assembly.GetName().Name is { } name && AssemblyNames.IsUser(name);
}
