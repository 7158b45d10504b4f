using System.Reflection;

namespace Actors.Messages.Jobs;

/// <summary>Finds assemblies of the application. A name from the network never loads another assembly.</summary>
public static class ApplicationAssemblies
{
    /// <summary>Gets the assembly with a simple name; null if the application does not have it.</summary>
    public static Assembly? FindAssembly(string name) =>
        AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(assembly => assembly.GetName().Name == name)
        ?? (IsDeployed(name) ? Assembly.Load(new AssemblyName { Name = name }) : null);

    private static bool IsDeployed(string name) =>
        AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is string paths
        && paths.Split(Path.PathSeparator).Any(path => Path.GetFileNameWithoutExtension(path.AsSpan()).SequenceEqual(name));
}
