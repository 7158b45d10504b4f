using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Messages.Pools;
using Actors.Messages.Values;

namespace Actors.Pools;

/// <summary>
/// Finds the methods with a <see cref="JobAttribute"/> in the assemblies of this program. Reads the metadata of each assembly, and loads
/// those that use the attribute.
/// </summary>
internal static class ProgramJobs
{
    private static readonly Lazy<ImmutableArray<NamedFunction>> Functions = new(() => CreateFunctions(FindMethods()));

    /// <summary>The named functions of this program. Found once.</summary>
    /// <exception cref="JobNameException">A name is invalid or used twice, or there are too many names.</exception>
    /// <exception cref="NotCarriedException">A function cannot be called in another process.</exception>
    internal static ImmutableArray<NamedFunction> All => Functions.Value;

    /// <summary>The named functions of this program for a durable pool; none for another pool.</summary>
    internal static ImmutableArray<NamedFunction> For(PoolSpec pool) => pool.IsDurable ? All : [];

    /// <inheritdoc cref="All"/>
    internal static ImmutableArray<NamedFunction> CreateFunctions(IEnumerable<MethodInfo> methods)
    {
        var byName = new Dictionary<string, MethodInfo>();
        foreach (var method in methods)
        {
            var name = method.GetCustomAttribute<JobAttribute>()!.Name;
            if (NamedFunctions.FindRefusal(method, name) is { } refusal)
                throw new JobNameException($"The job name '{name}' of {FunctionNames.GetName(method)} {refusal}.", name ?? "");
            if (!byName.TryAdd(name, method))
            {
                throw new JobNameException(
                    $"Two methods have the job name '{name}': {FunctionNames.GetName(byName[name])} and {FunctionNames.GetName(method)}. "
                    + "Give one of them another name.", name);
            }
        }

        return byName.Count <= NamedFunction.MaxCount
            ? [.. byName.Values.Select(NamedFunctions.FromMethod)]
            : throw new JobNameException(
                $"The program has {byName.Count:N0} job names; a durable pool permits {NamedFunction.MaxCount:N0}.", byName.Keys.Last());
    }

    private static IEnumerable<MethodInfo> FindMethods()
    {
        var paths = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "";
        return paths.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(path => AssemblyNames.IsUser(Path.GetFileNameWithoutExtension(path)) && File.Exists(path))
            .SelectMany(FindMethods);
    }

    private static IEnumerable<MethodInfo> FindMethods(string path)
    {
        var tokens = FindTokens(path);
        if (tokens.IsEmpty || ApplicationAssemblies.FindAssembly(Path.GetFileNameWithoutExtension(path)) is not { } assembly)
            return [];
        return tokens.Select(token => assembly.ManifestModule.ResolveMethod(token)).OfType<MethodInfo>()
            .Where(method => method.IsDefined(typeof(JobAttribute)));
    }

    private static ImmutableArray<int> FindTokens(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        if (!file.HasMetadata)
            return [];
        var metadata = file.GetMetadataReader();
        if (!metadata.TypeReferences.Any(reference => IsAttribute(metadata, reference)))
            return [];
        return [.. metadata.CustomAttributes.Select(metadata.GetCustomAttribute)
            .Where(attribute => attribute.Parent.Kind == HandleKind.MethodDefinition && IsAttribute(metadata, attribute))
            .Select(attribute => MetadataTokens.GetToken(attribute.Parent))];
    }

    private static bool IsAttribute(MetadataReader metadata, CustomAttribute attribute) =>
        attribute.Constructor.Kind == HandleKind.MemberReference
        && metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } type
        && IsAttribute(metadata, (TypeReferenceHandle)type);

    private static bool IsAttribute(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return metadata.StringComparer.Equals(type.Name, nameof(JobAttribute))
            && metadata.StringComparer.Equals(type.Namespace, nameof(Actors));
    }
}
