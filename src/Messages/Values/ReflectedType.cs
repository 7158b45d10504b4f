namespace Actors.Messages.Values;

/// <summary>A type of this process as <see cref="TypeRules"/> sees it.</summary>
public sealed class ReflectedType(Type type) : ITypeView
{
    public TypeForm Form =>
        type.IsPointer || type.IsByRef || type.IsFunctionPointer || type == typeof(nint) || type == typeof(nuint) ? TypeForm.Address
        : type.IsByRefLike ? TypeForm.StackOnly
        : type.ContainsGenericParameters ? TypeForm.OpenGeneric
        : type.IsArray ? TypeForm.Array
        : type.IsEnum ? TypeForm.Enum
        : !type.IsAbstract ? TypeForm.Concrete
        : MemoryPackAttributes.GetCases(type).IsEmpty ? TypeForm.Abstract
        : TypeForm.Union;

    public string DefinitionName => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName ?? "";

    public string FullName => TypeNames.GetFullName(type);

    public string AssemblyName => type.Assembly.GetName().Name!;

    public ITypeView? BaseType => type.BaseType is { } level ? new ReflectedType(level) : null;

    public IEnumerable<ITypeView> Interfaces => type.GetInterfaces().Select(implemented => new ReflectedType(implemented));

    public (string Method, string Attribute)? Callback => MemoryPackAttributes.FindCallback(type);

    /// <summary>Gets the advice for a refused type; null for an accepted type.</summary>
    public static string? FindAdvice(Type type) => TypeRules.FindAdvice(new ReflectedType(type));
}
