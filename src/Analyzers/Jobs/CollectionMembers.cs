using Actors.Messages.Values;
using Microsoft.CodeAnalysis;

namespace Actors.Analyzers.Jobs;

/// <summary>The members of the framework's mutable collections and of <c>StringBuilder</c> that certainly change them.</summary>
internal static class CollectionMembers
{
    private static readonly HashSet<string> Namespaces =
    [
        "System.Collections", "System.Collections.Generic", "System.Collections.Concurrent", "System.Collections.ObjectModel",
    ];

    private static readonly HashSet<string> Changes =
    [
        "Add", "AddAfter", "AddBefore", "AddFirst", "AddLast", "AddOrUpdate", "AddRange", "Append", "AppendFormat", "AppendJoin",
        "AppendLine", "Clear", "Dequeue", "Enqueue", "ExceptWith", "Insert", "InsertRange", "IntersectWith", "Pop", "Push", "PushRange",
        "Remove", "RemoveAll", "RemoveAt", "RemoveFirst", "RemoveLast", "RemoveRange", "RemoveWhere", "Replace", "Reverse", "Set",
        "SetAll", "Sort", "SymmetricExceptWith", "TryAdd", "TryDequeue", "TryPop", "TryRemove", "TryTake", "TryUpdate", "UnionWith",
    ];

    /// <summary>Whether a method changes the collection on which it is called.</summary>
    internal static bool IsChange(IMethodSymbol method) =>
        !method.IsStatic && Changes.Contains(method.Name) && IsCollection(method.ContainingType);

    /// <summary>Whether a property is the indexer of a collection.</summary>
    internal static bool IsIndexer(IPropertySymbol property) => property.IsIndexer && IsCollection(property.ContainingType);

    private static bool IsCollection(INamedTypeSymbol type)
    {
        var space = type.ContainingNamespace.ToDisplayString();
        return AssemblyNames.IsFramework(type.ContainingAssembly.Name)
            && (Namespaces.Contains(space) || (space == "System.Text" && type.Name == "StringBuilder"));
    }
}
