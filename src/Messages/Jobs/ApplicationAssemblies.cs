using System.Reflection;

namespace Actors.Messages.Jobs;

/// <summary>Finds assemblies that the application has anyway: no name off a wire loads any other.</summary>
internal static class ApplicationAssemblies
{
    /// <summary>The assembly with this simple name; null when the application does not have it.</summary>
    internal static Assembly? FindAssembly(string name) =>
        AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(assembly => assembly.GetName().Name == name)
        ?? (IsDeployed(name) ? Assembly.Load(new AssemblyName { Name = name }) : null);

    private static bool IsDeployed(string name) =>
        AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is string paths
        && paths.Split(Path.PathSeparator).Any(path => Path.GetFileNameWithoutExtension(path.AsSpan()).SequenceEqual(name));
}
