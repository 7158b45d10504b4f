using Actors.Analyzers.Jobs;
using Actors.Analyzers.Types;
using Microsoft.CodeAnalysis;

namespace Actors.Analyzers;

/// <summary>The types of this library in a compilation, resolved once.</summary>
internal sealed class Library
{
    private readonly Dictionary<INamedTypeSymbol, JobForm> _jobTypes = new(SymbolEqualityComparer.Default);

    private Library(Compilation compilation, INamedTypeSymbol pool)
    {
        Compilation = compilation;
        ProcessPool = pool;
        HasTestPools = compilation.GetTypeByMetadataName("Actors.Testing.TestPool") is not null;
        Statics = new StaticWrites(compilation);
        JobHandle = compilation.GetTypeByMetadataName("Actors.JobHandle");
        foreach (var owner in JobTypes.Forms)
        {
            if (compilation.GetTypeByMetadataName(owner.Key) is { } type)
                _jobTypes.Add(type, owner.Value);
        }
    }

    /// <summary>Gets the compilation.</summary>
    internal Compilation Compilation { get; }

    /// <summary>Gets the class of pools.</summary>
    internal INamedTypeSymbol ProcessPool { get; }

    /// <summary>Gets the base class of handles; null when the referenced version has none.</summary>
    internal INamedTypeSymbol? JobHandle { get; }

    /// <summary>Gets whether the program can run jobs in test pools.</summary>
    internal bool HasTestPools { get; }

    /// <summary>Gets the assignments of statics.</summary>
    internal StaticWrites Statics { get; }

    /// <summary>Gets the check of types, which remembers its results.</summary>
    internal TravelCheck Travel { get; } = new();

    /// <summary>Finds the library; null when the compilation does not reference it, or is the library itself.</summary>
    internal static Library? FindIn(Compilation compilation) =>
        compilation.GetTypeByMetadataName("Actors.ProcessPool") is { DeclaringSyntaxReferences.IsEmpty: true } pool
            ? new Library(compilation, pool)
            : null;

    /// <summary>Gets the form of the jobs that a member of the type takes; null if it takes none.</summary>
    internal JobForm? FindForm(INamedTypeSymbol type) => _jobTypes.TryGetValue(type.OriginalDefinition, out var form) ? form : null;

    /// <summary>Whether a type is declared in this library.</summary>
    internal bool Declares(ITypeSymbol type) =>
        SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, ProcessPool.ContainingAssembly);

    /// <summary>Whether a type is the handle of a job.</summary>
    internal bool IsHandle(ITypeSymbol? type)
    {
        for (var level = type; level is not null; level = level.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(level, JobHandle))
                return true;
        }

        return false;
    }
}
