using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Actors.Messages.Values;

namespace Actors.Messages.Jobs;

/// <summary>
/// Creates an exception of its original type. The type name comes from the network, so only types that derive from <see cref="Exception"/>,
/// from assemblies of the application, are created: with a usual constructor, or, if all fields have arrived, without one. An exception of
/// the framework that cannot be created becomes one of its nearest public base class, so that a catch clause of that class matches.
/// </summary>
public static class ExceptionRebuilder
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Creates the exception with its message, fields and inner exceptions; null if that is not possible.</summary>
    /// <param name="failure">The received failure.</param>
    /// <param name="inner">The inner exception.</param>
    /// <param name="more">The inner exceptions of an <see cref="AggregateException"/> after <paramref name="inner"/>.</param>
    /// <param name="missing">A line for each field that could not be set.</param>
    public static Exception? RebuildException(FailureInfo failure, Exception? inner, Exception[] more, out ImmutableArray<string> missing)
    {
        missing = [];
        if (FindType(failure) is not { ContainsGenericParameters: false } type || !type.IsAssignableTo(typeof(Exception)))
        {
            return null;
        }

        foreach (var candidate in GetCandidates(type))
        {
            var lines = ImmutableArray<string>.Empty;
            if (FailureValues.TryGet(() => RebuildAs(candidate, failure, inner, more, out lines), null) is { } exception)
            {
                missing = candidate == type
                    ? lines
                    : lines.Insert(0, $"{type.FullName}: its fields cannot be carried, so this is its base class");
                return exception;
            }
        }

        return null;
    }

    private static IEnumerable<Type> GetCandidates(Type type)
    {
        yield return type;
        for (var level = type.BaseType!; FrameworkAssemblies.IsFrameworkType(type) && IsSpecific(level); level = level.BaseType!)
        {
            if (level.IsVisible)
            {
                yield return level;
            }
        }
    }

    /// <summary>Whether a base class tells more than <see cref="RemoteException"/> does.</summary>
    private static bool IsSpecific(Type type) =>
        type.IsSubclassOf(typeof(Exception)) && type != typeof(SystemException) && type != typeof(ApplicationException);

    private static Exception? RebuildAs(
        Type type, FailureInfo failure, Exception? inner, Exception[] more, out ImmutableArray<string> missing)
    {
        missing = [];
        var fields = ExceptionData.GetFields(failure).ToArray();
        var constructed = type.IsAbstract ? null : CreateException(type, failure.Message, inner);
        if ((constructed ?? CreateWithoutConstructor(type, failure.Message, inner, fields)) is not { } exception)
        {
            return null;
        }

        if (exception is AggregateException aggregate && inner is not null && more.Length > 0)
        {
            InnersOf(aggregate) = [inner, .. more];
        }

        missing = ExceptionFields.SetFields(exception, fields);
        if (!SetMessage(exception, failure.Message) || (constructed is null && missing.Length > 0))
        {
            return null;
        }

        if (!ReferenceEquals(exception.InnerException, inner))
        {
            InnerOf(exception) = inner;
        }

        return exception;
    }

    /// <summary>Attaches the remote stack, so that it shows above the local one.</summary>
    public static bool AddStack(Exception exception, string? stack)
    {
        if (!string.IsNullOrEmpty(stack))
        {
            ExceptionDispatchInfo.SetRemoteStackTrace(exception, stack);
        }

        return true;
    }

    private static Type? FindType(FailureInfo failure)
    {
        var arguments = FailureValues.ReadTypeArguments(failure);
        var name = arguments.Length > 0 ? failure.TypeName.Split('[')[0] : failure.TypeName;
        // A name with brackets or commas is one of generic arguments or of another assembly.
        if (name.AsSpan().IndexOfAny('[', ',') >= 0)
        {
            return null;
        }

        var type = ApplicationAssemblies.FindAssembly(failure.AssemblyName)?.GetType(name, throwOnError: false);
        return arguments.Length > 0 ? type?.MakeGenericType(arguments) : type;
    }

    /// <summary>Runs the first usual constructor that works: on a new exception, or on an object of a derived class.</summary>
    private static Exception? CreateException(Type type, string message, Exception? inner, Exception? target = null) =>
        InvokeConstructor(type, [typeof(string), typeof(Exception)], [message, inner], target)
        ?? InvokeConstructor(type, [typeof(string)], [message], target)
        ?? InvokeConstructor(type, [], [], target);

    /// <summary>
    /// Creates an exception whose class has constructors of its own, such as <c>NotFoundException(int id)</c>. The usual constructor of its
    /// nearest base class in the framework runs, and the fields are set afterward. Null if a field was not sent.
    /// </summary>
    private static Exception? CreateWithoutConstructor(Type type, string message, Exception? inner, FailureValue[] fields)
    {
        if (type.IsAbstract || HasFinalizer(type) || ExceptionFields.LacksFields(type, fields))
        {
            return null;
        }

        var target = (Exception)RuntimeHelpers.GetUninitializedObject(type);
        var created = default(Exception);
        for (var level = type.BaseType!; created is null && level != typeof(object); level = level.BaseType!)
        {
            created = FrameworkAssemblies.IsFrameworkType(level) ? CreateException(level, message, inner, target) : null;
        }

        return created;
    }

    private static bool HasFinalizer(Type type) => type.GetMethod("Finalize", Any, [])!.DeclaringType != typeof(object);

    private static Exception? InvokeConstructor(Type type, Type[] parameters, object?[] arguments, Exception? target)
    {
        if (type.GetConstructor(Any, parameters) is not { } constructor)
        {
            return null;
        }

        // A constructor that throws cannot be used.
        return FailureValues.TryGet<Exception?>(
            () =>
            {
                var created = target ?? (Exception)RuntimeHelpers.GetUninitializedObject(type);
                constructor.Invoke(created, arguments);
                return created;
            },
            null);
    }

    // Some constructors decorate the message, some take another text as their string; and Message can be overridden.
    private static bool SetMessage(Exception exception, string message)
    {
        if (exception.Message == message)
        {
            return true;
        }

        MessageOf(exception) = exception is AggregateException aggregate ? WithoutInner(aggregate, message) : message;
        return exception is AggregateException || exception.Message == message;
    }

    // An AggregateException appends the messages of those inside to its own.
    private static string WithoutInner(AggregateException exception, string message)
    {
        foreach (var inner in exception.InnerExceptions)
        {
            var appended = $" ({inner.Message})";
            var at = message.IndexOf(appended, StringComparison.Ordinal);
            message = at < 0 ? message : message.Remove(at, appended.Length);
        }

        return message;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_message")]
    private static extern ref string? MessageOf(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerExceptions")]
    private static extern ref Exception[] InnersOf(AggregateException exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    private static extern ref Exception? InnerOf(Exception exception);
}
