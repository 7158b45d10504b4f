using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using Actors.Messages.Values;

namespace Actors.Messages.Functions;

/// <summary>
/// Finds the captured variables that a lambda uses. Only compiler-generated code can access the fields of a closure. So the code that the
/// lambda reaches through generated methods (nested lambdas, local functions, its state machine) names every field that it can use.
/// </summary>
public sealed class CaptureAnalysis
{
    private const int MaxMethods = 1000;
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly ConcurrentDictionary<MethodInfo, CapturedFields> Known = new();

    private readonly Module _module;
    private readonly HashSet<int> _fields = [];
    private readonly HashSet<int> _types = [];
    private readonly HashSet<int> _methods = [];
    private readonly Queue<MethodBase> _pending = [];

    private CaptureAnalysis(Module module) => _module = module;

    /// <summary>Gets the captured variables that a method uses; all of them if its code cannot be analyzed.</summary>
    public static CapturedFields GetCapturedFields(MethodInfo method) =>
        Known.GetOrAdd(method, static method => new CaptureAnalysis(method.Module).FindFields(method));

    private CapturedFields FindFields(MethodInfo method)
    {
        // Code that cannot be resolved is no reason to refuse a call.
#pragma warning disable CA1031
        try
        {
            EnqueueMethod(method);
            while (_pending.TryDequeue(out var next))
            {
                if (_methods.Count > MaxMethods || !WalkCode(next))
                {
                    return CapturedFields.All;
                }
            }

            return new CapturedFields(_fields.ToFrozenSet());
        }
        catch (Exception)
        {
            return CapturedFields.All;
        }
#pragma warning restore CA1031
    }

    private bool WalkCode(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code || IlTokens.ReadTokens(code) is not { } tokens)
        {
            return false;
        }

        var typeArguments = method.DeclaringType?.GetGenericArguments();
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        foreach (var token in tokens)
        {
            var member = _module.ResolveMember(token, typeArguments, methodArguments);
            if (member is null || member.Module != _module)
            {
                continue;
            }

            switch (member)
            {
                case FieldInfo field: _fields.Add(field.MetadataToken); break;
                case MethodBase called when IsCompilerGenerated(called.Name) || IsCompilerGenerated(called.DeclaringType?.Name):
                    EnqueueMethod(called);
                    break;
            }

            AddStateMachine(member as Type ?? member.DeclaringType);
        }

        return true;
    }

    // The runtime calls a state machine through its interface, so all its methods count. It is recognized by its name only, because the
    // compiler does not mark types that are nested in generated types.
    private void AddStateMachine(Type? type)
    {
        if (type is not { IsNested: true } || !type.Name.StartsWith('<') || type.Name.StartsWith("<>c", StringComparison.Ordinal)
            || !_types.Add(type.MetadataToken))
        {
            return;
        }

        foreach (var method in type.GetMethods(Declared))
        {
            EnqueueMethod(method);
        }
    }

    private void EnqueueMethod(MethodBase method)
    {
        if (!method.IsAbstract && _methods.Add(method.MetadataToken))
        {
            _pending.Enqueue(method);
        }
    }

    private static bool IsCompilerGenerated(string? name) => name is not null && name.StartsWith('<');
}
