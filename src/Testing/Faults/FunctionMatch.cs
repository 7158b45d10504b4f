using System.Reflection;
using Actors.Messages.Functions;

namespace Actors.Testing;

/// <summary>Recognizes the function of a submitted job.</summary>
internal static class FunctionMatch
{
    /// <summary>Whether a definition is that of a function, with the same type arguments.</summary>
    public static bool IsFunction(MethodInfo function, FunctionDefinition definition) =>
        function.MetadataToken == definition.MethodToken
        && function.Module.ModuleVersionId == definition.ModuleVersion
        && HasArguments(function.GetGenericArguments(), definition.MethodArguments)
        && HasArguments(function.DeclaringType?.GetGenericArguments() ?? [], definition.DeclaringArguments);

    private static bool HasArguments(Type[] types, IReadOnlyList<TypeRef> arguments) =>
        types.Length == arguments.Count && types.Zip(arguments).All(pair => pair.Second.ResolveType() == pair.First);
}
