using System.Net;
using System.Reflection;

namespace Actors.Multiprocessing.Tests;

/// <summary>A public method, constructor or property with a timeout, found by reflection.</summary>
/// <param name="Name">The type and signature of the member, for the name of the test case.</param>
/// <param name="Member">The member. Type parameters of its type are <see cref="int"/>.</param>
internal sealed record TimeoutMember(string Name, MemberInfo Member)
{
    /// <summary>Gets all such members of the library.</summary>
    public static IReadOnlyList<TimeoutMember> All { get; } =
    [
        .. from type in typeof(ProcessPool).Assembly.GetExportedTypes()
           where !type.IsInterface
           from member in Close(type).GetMembers(
               BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
           where TakesTimeout(member)
           select new TimeoutMember($"{type.Name}: {member}", Close(member)),
    ];

    /// <summary>Gets the parameter name that an <see cref="ArgumentException"/> must have.</summary>
    public string ParameterName => Member is MethodBase method ? method.GetParameters().Single(IsTimeout).Name! : Member.Name;

    /// <summary>Calls the member with a timeout and awaits its result.</summary>
    public async Task CallAsync(object? subject, TimeSpan timeout, EndPoint address, CancellationToken cancellationToken)
    {
        var result = Member switch
        {
            PropertyInfo property => Validate(property, timeout),
            ConstructorInfo constructor => constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, Arguments(constructor), null),
            MethodInfo method => method.Invoke(subject, BindingFlags.DoNotWrapExceptions, null, Arguments(method), null),
            _ => throw new NotSupportedException(Name),
        };
        if (result is Task task)
        {
            await task;
            result = task.GetType().GetProperty("Result")?.GetValue(task);
        }

        (result as IDisposable)?.Dispose();

        object?[] Arguments(MethodBase method) => [.. method.GetParameters().Select(Argument)];

        object? Argument(ParameterInfo parameter) => parameter switch
        {
            _ when IsTimeout(parameter) => timeout,
            { ParameterType: var type } when type == typeof(CancellationToken) => cancellationToken,
            { HasDefaultValue: true } => parameter.DefaultValue,
            { IsOut: true } => null,
            { ParameterType: var type } when type == typeof(int) => 1,
            { ParameterType: var type } when type == typeof(string) => "key",
            { ParameterType: var type } when type == typeof(IEnumerable<int>) => new[] { 1 },
            { ParameterType: var type } when type == typeof(IEnumerable<Ready>) => new[] { new Ready() },
            { ParameterType: var type } when type == typeof(Func<bool>) => () => true,
            { ParameterType: var type } when type == typeof(EndPoint) => Member is ConstructorInfo
                ? new IPEndPoint(IPAddress.Loopback, 0)
                : address,
            _ => throw new NotSupportedException($"This test has no value for the argument {parameter} of {Name}. Add one here."),
        };
    }

    /// <summary>Sets an option and validates the options in the same way as the calls that take them.</summary>
    private static object? Validate(PropertyInfo property, TimeSpan timeout)
    {
        var options = Activator.CreateInstance(property.DeclaringType!);
        property.SetValue(options, timeout);
        return property.DeclaringType!.GetMethod("Validate", BindingFlags.NonPublic | BindingFlags.Instance)!
            .Invoke(options, BindingFlags.DoNotWrapExceptions, null, null, null);
    }

    private static Type Close(Type type) => type.IsGenericTypeDefinition && type.GetMembers().Any(TakesTimeout)
        ? type.MakeGenericType([.. type.GetGenericArguments().Select(_ => typeof(int))])
        : type;

    private static MemberInfo Close(MemberInfo member) => member is MethodInfo { IsGenericMethodDefinition: true } method
        ? method.MakeGenericMethod([.. method.GetGenericArguments().Select(TypeFor)])
        : member;

    private static Type TypeFor(Type parameter) =>
        parameter.GetGenericParameterConstraints().Contains(typeof(IPollable)) ? typeof(Ready) : typeof(int);

    private static bool TakesTimeout(MemberInfo member) => member switch
    {
        MethodBase { IsSpecialName: true } and not ConstructorInfo => false,
        MethodBase method => method.GetParameters().Any(IsTimeout),
        PropertyInfo property => property.SetMethod is { IsPublic: true } && IsTime(property.PropertyType),
        _ => false,
    };

    private static bool IsTimeout(ParameterInfo parameter) =>
        IsTime(parameter.ParameterType) || parameter.Name!.Contains("milliseconds", StringComparison.OrdinalIgnoreCase);

    private static bool IsTime(Type type) => type == typeof(TimeSpan) || type == typeof(TimeSpan?);

    private sealed class Ready : IPollable
    {
        public Task<bool> PollAsync(TimeSpan timeout = default, CancellationToken cancellationToken = default) => Task.FromResult(true);
    }
}
