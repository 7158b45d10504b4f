namespace Actors.Messages.Values;

/// <summary>Formats the names of types and members as they are in source code.</summary>
public static class TypeNames
{
    /// <summary>Gets the name with its namespace: <c>System.Collections.Generic.List&lt;Order&gt;</c>.</summary>
    public static string GetFullName(Type type)
    {
        if (type.IsArray)
        {
            return $"{GetFullName(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        var name = (type.IsGenericType ? type.GetGenericTypeDefinition().FullName : type.FullName) ?? type.Name;
        name = name.Replace('+', '.');
        if (!type.IsGenericType)
        {
            return name;
        }

        var tick = name.IndexOf('`', StringComparison.Ordinal);
        return $"{(tick < 0 ? name : name[..tick])}<{string.Join(", ", type.GetGenericArguments().Select(GetFullName))}>";
    }

    /// <summary>Gets the name that starts a path of members: <c>Order</c>. Closures have no name in source code.</summary>
    public static string GetShortName(Type type) =>
        type.Name.StartsWith("<>c", StringComparison.Ordinal) ? "closure" : type.IsGenericType ? type.Name.Split('`')[0] : type.Name;

    /// <summary>Gets the name of a field or of its property in source code.</summary>
    public static string GetMemberName(string field) => field switch
    {
        "<>4__this" => "this",
        _ when field.StartsWith("CS$<>", StringComparison.Ordinal) => "outer",
        _ when field.StartsWith('<') && field.IndexOf('>', StringComparison.Ordinal) is > 1 and var end => field[1..end],
        _ => field,
    };
}
