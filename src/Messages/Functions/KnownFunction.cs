using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Actors.Messages.Jobs;
using Actors.Messages.Values;

namespace Actors.Messages.Functions;

/// <summary>A user function that was checked and may be called.</summary>
/// <param name="Reference">Identifies the function on the wire.</param>
/// <param name="Target">Writes the target of the delegate; null if none is sent.</param>
/// <param name="Name">The name of the function that outlives builds, for a single call; null for none.</param>
public sealed record KnownFunction(FunctionRef Reference, TargetWriter? Target, JobName? Name = null)
{
    private static readonly ConcurrentDictionary<(
        MethodInfo Method, Type Delegate, Type? Target, CallShape Shape), KnownFunction> Known = new();
    private static readonly ConcurrentDictionary<(FunctionRef Map, FunctionRef Reduce), FunctionRef> KnownPairs = new();
    private static readonly ConcurrentDictionary<Type, bool> StatelessTargets = new();

    /// <summary>
    /// The last function of this thread whose target is not sent. Most programs submit one function many times, and comparing the delegate
    /// is much faster than looking up its method.
    /// </summary>
    [ThreadStatic]
    private static (Delegate Function, CallShape Shape, KnownFunction Known) _last;

    /// <summary>Gets the function of a delegate, after checking it.</summary>
    /// <exception cref="ArgumentNullException">The function is null.</exception>
    /// <exception cref="NotCarriedException">
    /// The function cannot be called in another process, or its parameters, result or target cannot be carried.
    /// </exception>
    public static KnownFunction ForDelegate(Delegate function, CallShape shape)
    {
        ArgumentNullException.ThrowIfNull(function);
        if (ReferenceEquals(function, _last.Function) && shape == _last.Shape)
            return _last.Known;
        if (!function.HasSingleTarget)
        {
            throw new NotCarriedException("A delegate of several methods cannot be called in another process; submit one job for each.");
        }

        var target = function.Target is { } instance && !IsStateless(instance.GetType()) ? instance.GetType() : null;
        var known = Known.GetOrAdd(
            (function.Method, function.GetType(), target, shape), static key => AnalyzeFunction(
                key.Method, key.Delegate, key.Target, key.Shape));
        // A captured target must not be kept alive here.
        if (target is null)
            _last = (function, shape, known);
        return known;
    }

    /// <summary>Gets the reference to a function that maps items together with one that combines its results.</summary>
    /// <param name="map">The mapping function, of shape <see cref="CallShape.MapReduce"/>.</param>
    /// <param name="reduce">The combining function, of shape <see cref="CallShape.Single"/>.</param>
    public static FunctionRef CombineReferences(KnownFunction map, KnownFunction reduce) =>
        KnownPairs.GetOrAdd((map.Reference, reduce.Reference), static pair => pair.Map with
        {
            Definition = (byte[])[.. pair.Map.Definition.Span, .. pair.Reduce.Definition.Span],
        });

    /// <summary>
    /// Whether a target is the compiler's class for lambdas that capture nothing. Its only state are cached lambdas, so it is not sent.
    /// </summary>
    public static bool IsStateless(Type target) => StatelessTargets.GetOrAdd(target, static type =>
        type.IsDefined(typeof(CompilerGeneratedAttribute), false) && ReflectedFields.GetFields(type).Length == 0);

    private static KnownFunction AnalyzeFunction(MethodInfo method, Type delegateType, Type? target, CallShape shape)
    {
        var name = FunctionNames.GetName(method);
        var captured = target is not null && Closures.IsClosure(target) ? CaptureAnalysis.GetCapturedFields(method) : CapturedFields.All;
        FunctionCheck.RequireCallable(method, name, target, captured);
        var invoke = delegateType.GetMethod("Invoke")!;
        FunctionCheck.RequireTarget(method, invoke, name, target);
        FunctionCheck.RequireCarried(invoke, name, shape);
        var definition = new FunctionDefinition(
            method.Module.Assembly.GetName().Name!,
            method.Module.ModuleVersionId,
            method.MetadataToken,
            ToTypeRefs(method.DeclaringType!.GetGenericArguments()),
            ToTypeRefs(method.IsGenericMethod ? method.GetGenericArguments() : []),
            IsVariant(invoke, method, target)
                ? ToTypeRefs([.. invoke.GetParameters().Select(p => p.ParameterType), invoke.ReturnType])
                : [],
            target is null ? null : TypeRef.FromType(target),
            shape);
        return new KnownFunction(
            new FunctionRef(name, definition.ToBytes()), target is null ? null : TargetWriter.ForType(target, captured),
            shape == CallShape.Single ? NamedFunctions.FindName(method, invoke) : null);
    }

    private static System.Collections.Immutable.ImmutableArray<TypeRef> ToTypeRefs(Type[] types) => [.. types.Select(TypeRef.FromType)];

    private static bool IsVariant(MethodInfo invoke, MethodInfo method, Type? target)
    {
        var own = method.GetParameters().Select(p => p.ParameterType).Skip(method.IsStatic && target is not null ? 1 : 0);
        return invoke.ReturnType != method.ReturnType || !invoke.GetParameters().Select(p => p.ParameterType).SequenceEqual(own);
    }
}

/// <summary>Writes the target of a delegate by its type.</summary>
public abstract class TargetWriter
{
    public static TargetWriter ForType(Type type, CapturedFields captured) =>
        (TargetWriter)Activator.CreateInstance(typeof(TargetWriter<>).MakeGenericType(type), captured)!;

    public abstract void WriteTarget(ref ValueWriter writer, object target);
}

/// <inheritdoc/>
public sealed class TargetWriter<T>(CapturedFields captured) : TargetWriter
{
    public override void WriteTarget(ref ValueWriter writer, object target)
    {
        writer.Captured = captured;
        writer.WriteValue((T)target);
        writer.Captured = CapturedFields.All;
    }
}
