using System.Reflection;

namespace Actors.Messages.Functions;

/// <summary>
/// Searches the code of one module that a function can reach. All virtual methods of a type count as called once the code names the type,
/// because closures, state machines and interface implementations are called that way.
/// </summary>
public sealed class ReachableCode(Module module)
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly HashSet<int> _types = [];
    private readonly HashSet<int> _methods = [];
    private readonly Queue<MethodBase> _pending = [];

    /// <summary>Inspects reachable methods until one gives a result.</summary>
    /// <param name="function">The function to start from.</param>
    /// <param name="types">Further types whose virtual methods may be called.</param>
    /// <param name="inspect">Inspects the code of a method; returns null to continue.</param>
    /// <returns>The first result; null for none.</returns>
    public string? SearchCode(MethodBase function, IEnumerable<Type> types, Func<byte[], string?> inspect)
    {
        AddReachable(function);
        foreach (var type in types)
        {
            AddReachable(type);
        }

        while (_pending.TryDequeue(out var method))
        {
            if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
            {
                continue;
            }

            if (inspect(code) is { } answer)
            {
                return answer;
            }

            AddReferences(method, code);
        }

        return null;
    }

    /// <summary>
    /// Resolves a token in the code of a method; null if its assembly is missing, because then the code cannot use it either.
    /// </summary>
    public static MemberInfo? TryResolve(Module module, int token, Type[]? typeArguments = null, Type[]? methodArguments = null)
    {
#pragma warning disable CA1031
        try
        {
            return module.ResolveMember(token, typeArguments, methodArguments);
        }
        catch (Exception)
        {
            return null;
        }
#pragma warning restore CA1031
    }

    private void AddReferences(MethodBase method, byte[] code)
    {
        var typeArguments = method.DeclaringType?.GetGenericArguments();
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        foreach (var token in IlTokens.ReadTokens(code) ?? [])
        {
            if (TryResolve(module, token, typeArguments, methodArguments) is not { } member)
            {
                continue;
            }

            if (member is MethodBase called)
            {
                AddReachable(called);
            }

            AddReachable(member as Type ?? member.DeclaringType);
        }
    }

    private void AddReachable(MethodBase method)
    {
        if (method.Module == module && !method.IsAbstract && _methods.Add(method.MetadataToken))
        {
            _pending.Enqueue(method);
        }
    }

    private void AddReachable(Type? type)
    {
        if (type is null)
        {
            return;
        }

        foreach (var argument in type.HasElementType ? [type.GetElementType()!] : type.GetGenericArguments())
        {
            AddReachable(argument);
        }

        if (type.Module != module || type.IsGenericParameter || type.HasElementType || !_types.Add(type.MetadataToken))
        {
            return;
        }

        foreach (var method in type.GetMethods(Declared).Where(method => method.IsVirtual).Concat<MethodBase>(GetInitializer(type)))
        {
            AddReachable(method);
        }

        AddReachable(type.BaseType);
    }

    private static IEnumerable<MethodBase> GetInitializer(Type type) => type.TypeInitializer is { } initializer ? [initializer] : [];
}
