using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Actors.Messages.Storage;
using Actors.Programs;

namespace Actors.Coordinator;

/// <summary>Creates a store of a class that is not part of this library, from an assembly that the operator names.</summary>
internal static class StoreAssembly
{
    /// <summary>Loads the assembly with the assemblies beside it, and creates an instance of its only store class.</summary>
    /// <param name="path">The path of the assembly.</param>
    /// <param name="settings">The text for the constructor; null for a constructor without parameters.</param>
    /// <exception cref="UnusableFileException">
    /// The assembly has no such class, or it cannot be created, or another user can change the code.
    /// </exception>
    public static DurableStore CreateStore(string path, string? settings)
    {
        try
        {
            return CreateInstance(FindStoreType(LoadAssembly(path), path), settings, path);
        }
        catch (Exception exception) when (
            exception is BadImageFormatException or IOException or TypeLoadException or ReflectionTypeLoadException
                or (InvalidOperationException and not UnusableFileException))
        {
            // An assembly of another version is an IOException.
            throw new UnusableFileException(
                $"The assembly {path} (--store-assembly) cannot be loaded: {exception.Message} Publish the project of the store with "
                + "dotnet publish, against the version of Actors that this program has.",
                exception);
        }
    }

    /// <summary>
    /// Loads the assembly into the default context, in which the actor system looks for the classes of plugins. Assemblies that this
    /// program has too are those of this program.
    /// </summary>
    private static Assembly LoadAssembly(string path)
    {
        var resolver = new AssemblyDependencyResolver(path);
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            resolver.ResolveAssemblyToPath(name) is { } file ? context.LoadFromAssemblyPath(RequireTrusted(file)) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
            resolver.ResolveUnmanagedDllToPath(name) is { } file ? NativeLibrary.Load(RequireTrusted(file)) : IntPtr.Zero;
        return AssemblyLoadContext.Default.LoadFromAssemblyPath(RequireTrusted(path));
    }

    /// <summary>Refuses code that another user can change, because it runs as this program.</summary>
    private static string RequireTrusted(string file)
    {
        try
        {
            TrustedPath.RequireTrusted(file);
            return file;
        }
        catch (StorageException exception)
        {
            throw new UnusableFileException($"The code of --store-assembly is not loaded. {exception.Message}", exception);
        }
    }

    private static Type FindStoreType(Assembly assembly, string path)
    {
        var types = assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(DurableStore)) && !type.IsAbstract).ToList();
        return types is [var only]
            ? only
            : throw new UnusableFileException(
                $"The assembly {path} (--store-assembly) has {types.Count} public classes that derive from DurableStore. It needs one.");
    }

    private static DurableStore CreateInstance(Type type, string? settings, string path)
    {
        var constructor = type.GetConstructor(settings is null ? [] : [typeof(string)])
            ?? throw new UnusableFileException(
                settings is null
                    ? $"The class {type.FullName} in {path} has no public constructor without parameters. Add one, or the option "
                        + "--store-settings-file."
                    : $"The class {type.FullName} in {path} has no public constructor with one string, the text of --store-settings-file. "
                        + "Add one, or remove the option.");
        try
        {
            return (DurableStore)constructor.Invoke(settings is null ? [] : [settings]);
        }
        catch (TargetInvocationException exception)
        {
            // The message of the exception may contain the password.
            throw new UnusableFileException(
                $"The constructor of {type.FullName} in {path} threw {exception.InnerException!.GetType().FullName}. Check the text of "
                + "--store-settings-file.",
                exception);
        }
    }
}
