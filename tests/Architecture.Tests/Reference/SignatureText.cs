using System.Reflection;

namespace Actors.Architecture.Tests.Reference;

/// <summary>Types and members as C# code. Type parameters are written without a question mark.</summary>
internal static class SignatureText
{
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    /// <summary>The type of a property.</summary>
    public static string TypeOf(PropertyInfo property) => Write(Nullability.Create(property));

    /// <summary>A property with its type and accessors.</summary>
    public static string Of(PropertyInfo property)
    {
        var isStatic = property.GetMethod!.IsStatic ? "static " : "";
        var set = property.SetMethod switch
        {
            { IsPublic: false } or null => "",
            var setter when IsInit(setter) => "init; ",
            _ => "set; ",
        };
        return $"{isStatic}{TypeOf(property)} {property.Name} {{ get; {set}}}";
    }

    /// <summary>A method with its parameters and their defaults.</summary>
    public static string Of(MethodInfo method)
    {
        var isStatic = method.IsStatic ? "static " : "";
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(NameOf))}>" : "";
        var parameters = string.Join(", ", method.GetParameters().Select(Of));
        return $"{isStatic}{Write(Nullability.Create(method.ReturnParameter))} {method.Name}{generic}({parameters})";
    }

    /// <summary>A type without nullability, such as <c>JobHandle&lt;T&gt;</c>.</summary>
    public static string NameOf(Type type) => type switch
    {
        { IsArray: true } => $"{NameOf(type.GetElementType()!)}[]",
        { IsGenericType: true } => $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>",
        _ => Keywords.GetValueOrDefault(type, type.Name),
    };

    private static string Of(ParameterInfo parameter)
    {
        var modifier = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : "";
        var value = !parameter.HasDefaultValue ? "" : parameter.DefaultValue switch
        {
            null => parameter.ParameterType is { IsValueType: true } type && Nullable.GetUnderlyingType(type) is null
                ? " = default"
                : " = null",
            bool flag => flag ? " = true" : " = false",
            Enum choice => $" = {choice.GetType().Name}.{choice}",
            var other => FormattableString.Invariant($" = {other}"),
        };
        return $"{modifier}{Write(Nullability.Create(parameter))} {parameter.Name}{value}";
    }

    private static string Write(NullabilityInfo info)
    {
        var type = info.Type.IsByRef ? info.Type.GetElementType()! : info.Type;
        if (Nullable.GetUnderlyingType(type) is { } value)
            return $"{NameOf(value)}?";
        var mark = info.ReadState == NullabilityState.Nullable && !type.IsGenericParameter && !type.IsValueType ? "?" : "";
        if (info.ElementType is { } element)
            return $"{Write(element)}[]{mark}";
        if (info.GenericTypeArguments.Length == 0)
            return NameOf(type) + mark;
        var arguments = string.Join(", ", info.GenericTypeArguments.Select(Write));
        return type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal)
            ? $"({arguments})"
            : $"{type.Name.Split('`')[0]}<{arguments}>{mark}";
    }

    private static bool IsInit(MethodInfo setter) =>
        setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit));
}
