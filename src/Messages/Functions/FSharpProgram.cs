using System.Collections.Frozen;
using System.Reflection;

namespace Actors.Messages.Functions;

/// <summary>
/// An F# program without an <c>[&lt;EntryPoint&gt;]</c> function. The compiler puts the code of its last file into <c>main@</c>, and
/// with it the values of that file. No worker runs <c>main@</c>, so these values would be zero or null there. The values of all other
/// files, of libraries, and of programs with an <c>[&lt;EntryPoint&gt;]</c> have type initializers, which run in a worker too.
/// </summary>
public sealed class FSharpProgram
{
    private const string Main = "main@";
    private const string Initializer = "staticInitialization@";

    private readonly Module _module;
    private readonly FrozenSet<int> _values;

    private FSharpProgram(MethodInfo main)
    {
        _module = main.Module;
        _values = FindAssignedFields(main).ToFrozenSet();
    }

    /// <summary>The running program; null for other programs.</summary>
    public static FSharpProgram? Current { get; } = FindIn(Assembly.GetEntryAssembly());

    /// <summary>Gets the program in an assembly; null for other programs.</summary>
    public static FSharpProgram? FindIn(Assembly? assembly) =>
        assembly?.EntryPoint is { Name: Main } main ? new FSharpProgram(main) : null;

    /// <summary>Gets the name of a value of <c>main@</c> that a function may read, directly or indirectly; null for none.</summary>
    /// <param name="function">The function.</param>
    /// <param name="types">The types of its target and arguments, whose virtual methods it may call.</param>
    public string? FindValueReadBy(MethodBase function, IEnumerable<Type> types) =>
        new ReachableCode(_module).SearchCode(function, types, FindValueReadIn);

    /// <summary>
    /// Gets the fields that <c>main@</c> assigns, directly and through the initializers of modules and classes that the compiler option
    /// <c>--realsig+</c> generates.
    /// </summary>
    private static IEnumerable<int> FindAssignedFields(MethodBase main)
    {
        var code = main.GetMethodBody()?.GetILAsByteArray() ?? [];
        var initializers = (IlTokens.ReadTokens(code) ?? []).Select(
            token => ReachableCode.TryResolve(main.Module, token)).OfType<MethodInfo>()
            .Where(called => called.Module == main.Module && called.Name == Initializer);
        return (IlTokens.ReadAssignedStatics(code) ?? []).Concat(initializers.SelectMany(FindAssignedFields));
    }

    private string? FindValueReadIn(byte[] code)
    {
        foreach (var token in IlTokens.ReadLoadedStatics(code) ?? [])
        {
            // A value "factor" in line 5 is the field "factor@5"; "init@5" tells whether the static values of a class were computed.
            if (_values.Contains(token) && _module.ResolveField(token) is { } field
                && !field.Name.StartsWith("init@", StringComparison.Ordinal))
            {
                return field.Name.Split('@')[0];
            }
        }

        return null;
    }
}
