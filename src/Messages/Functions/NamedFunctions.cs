using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Actors.Messages.Jobs;
using Actors.Messages.Objects;

namespace Actors.Messages.Functions;

/// <summary>Functions whose names outlive builds; see <see cref="JobAttribute"/>.</summary>
public static class NamedFunctions
{
    /// <summary>Creates the named function of a method with a <see cref="JobAttribute"/>.</summary>
    /// <exception cref="NotCarriedException">The function cannot be called in another process.</exception>
    public static NamedFunction FromMethod(MethodInfo method)
    {
        var type = System.Linq.Expressions.Expression.GetDelegateType(
            [.. method.GetParameters().Select(parameter => parameter.ParameterType), method.ReturnType]);
        var known = KnownFunction.ForDelegate(method.CreateDelegate(type), CallShape.Single);
        return new NamedFunction(known.Name!, known.Reference);
    }

    /// <summary>Gets the reason why a method cannot have the name; null for none.</summary>
    public static string? FindRefusal(MethodInfo method, string? name) => name switch
    {
        null or { Length: 0 or > NamedFunction.LongestName } =>
            $"has {name?.Length ?? 0} characters; use from 1 to {NamedFunction.LongestName}",
        _ when !method.IsStatic => "belongs to a method that is not static",
        _ when method.ContainsGenericParameters || method.IsGenericMethod || method.DeclaringType is { IsGenericType: true } =>
            "belongs to a generic method",
        _ => null,
    };

    /// <summary>Gets the name of a method; null for none.</summary>
    /// <param name="method">The method.</param>
    /// <param name="invoke">The Invoke method of the delegate, by whose types arguments and result are encoded.</param>
    public static JobName? FindName(MethodInfo method, MethodInfo invoke) =>
        method.GetCustomAttribute<JobAttribute>() is { } job && FindRefusal(method, job.Name) is null
            ? new JobName(job.Name, ComputeSignature(invoke), job.Build == JobBuild.Newest)
            : null;

    private static long ComputeSignature(MethodInfo invoke)
    {
        var types = invoke.GetParameters().Select(parameter => parameter.ParameterType)
            .Append(ReturnTypes.FindResultType(invoke.ReturnType))
            .Select(type => type is null ? "" : PublishedType.ToPublishedName(type));
        return BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', types))));
    }
}
