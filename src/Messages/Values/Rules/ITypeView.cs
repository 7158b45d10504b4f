namespace Actors.Messages.Values;

/// <summary>
/// A type as <see cref="TypeRules"/> sees it: by reflection when a job is submitted, by the compiler's symbols in the analyzer. Both
/// projects compile the files of this folder.
/// </summary>
public interface ITypeView
{
    /// <summary>Gets the form of the type. The first form that applies counts.</summary>
    TypeForm Form { get; }

    /// <summary>Gets the name of the type's definition as reflection writes it: <c>System.Collections.Generic.List`1</c>.</summary>
    string DefinitionName { get; }

    /// <summary>Gets the name as it is in source code, with its namespace: <c>System.Collections.Generic.List&lt;Order&gt;</c>.</summary>
    string FullName { get; }

    /// <summary>Gets the simple name of the assembly that declares the type.</summary>
    string AssemblyName { get; }

    /// <summary>Gets the base class; null if there is none.</summary>
    ITypeView? BaseType { get; }

    /// <summary>Gets all interfaces that the type implements.</summary>
    IEnumerable<ITypeView> Interfaces { get; }

    /// <summary>Gets the method that MemoryPack would call, and the name of its attribute; null if there is none.</summary>
    (string Method, string Attribute)? Callback { get; }
}

/// <summary>The forms of types that the rules distinguish, in the order in which they are checked.</summary>
public enum TypeForm
{
    /// <summary>A pointer, a reference, a function pointer or a native integer.</summary>
    Address,

    /// <summary>A ref struct.</summary>
    StackOnly,

    /// <summary>A type parameter, or a type with one.</summary>
    OpenGeneric,

    /// <summary>An array of any rank.</summary>
    Array,

    /// <summary>An enumeration.</summary>
    Enum,

    /// <summary>An interface or abstract class whose cases are named with <c>[MemoryPackUnion]</c>.</summary>
    Union,

    /// <summary>Another interface or abstract class.</summary>
    Abstract,

    /// <summary>A concrete class or a struct.</summary>
    Concrete,
}
