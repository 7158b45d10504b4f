using System.Reflection;

namespace Actors.Messages.Functions;

/// <summary>
/// Walks the code of one module that a function can reach. Every virtual method of a type that the code names counts as called:
/// closures, state machines and implementations of interfaces are.
/// </summary>
internal sealed class ReachableCode(Module module)
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly HashSet<int> _types = [];
    private readonly HashSet<int> _methods = [];
    private readonly Queue<MethodBase> _rest = [];

    /// <summary>Walks until a method's code answers.</summary>
    /// <param name="function">Where the walk begins.</param>
    /// <param name="types">More types whose virtual methods may be called.</param>
    /// <param name="look">Looks at the code of a method; null to go on.</param>
    /// <returns>The first answer; null where there was none.</returns>
    internal string? Find(MethodBase function, IEnumerable<Type> types, Func<byte[], string?> look)
    {
        Add(function);
        foreach (var type in types)
        {
            Add(type);
        }

        while (_rest.TryDequeue(out var method))
        {
            if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
            {
                continue;
            }

            if (look(code) is { } answer)
            {
                return answer;
            }

            Follow(method, code);
        }

        return null;
    }

    /// <summary>
    /// The member that a token in a method's code names; null where its assembly is missing, so that the code cannot reach it either.
    /// </summary>
    internal static MemberInfo? TryResolve(Module module, int token, Type[]? typeArguments = null, Type[]? methodArguments = null)
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

    private void Follow(MethodBase method, byte[] code)
    {
        var typeArguments = method.DeclaringType?.GetGenericArguments();
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        foreach (var token in IlTokens.In(code) ?? [])
        {
            if (TryResolve(module, token, typeArguments, methodArguments) is not { } member)
            {
                continue;
            }

            if (member is MethodBase called)
            {
                Add(called);
            }

            Add(member as Type ?? member.DeclaringType);
        }
    }

    private void Add(MethodBase method)
    {
        if (method.Module == module && !method.IsAbstract && _methods.Add(method.MetadataToken))
        {
            _rest.Enqueue(method);
        }
    }

    private void Add(Type? type)
    {
        if (type is null)
        {
            return;
        }

        foreach (var argument in type.HasElementType ? [type.GetElementType()!] : type.GetGenericArguments())
        {
            Add(argument);
        }

        if (type.Module != module || type.IsGenericParameter || type.HasElementType || !_types.Add(type.MetadataToken))
        {
            return;
        }

        foreach (var method in type.GetMethods(Declared).Where(method => method.IsVirtual).Concat<MethodBase>(Initializer(type)))
        {
            Add(method);
        }

        Add(type.BaseType);
    }

    private static IEnumerable<MethodBase> Initializer(Type type) => type.TypeInitializer is { } initializer ? [initializer] : [];
}
