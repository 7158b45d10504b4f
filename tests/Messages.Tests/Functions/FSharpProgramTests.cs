using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Actors.Messages.Functions;

namespace Actors.Messages.Tests.Functions;

/// <summary>Programs of the form that the F# compiler gives them; <c>Publish.Tests</c> has one of the compiler's own.</summary>
public class FSharpProgramTests
{
    private static readonly Assembly Implicit = Make("main@");
    private static readonly Assembly Explicit = Make("main");
    private static readonly Assembly WithInitializer = Make("main@", "staticInitialization@");

    [Theory]
    [InlineData("Scale")]
    [InlineData("CallScale")]
    [InlineData("MakeClosure")]
    public void ValueReadBy_FunctionThatReadsAValueOfMain_IsItsName(string function) =>
        Assert.Equal("factor", FSharpProgram.FindIn(Implicit)!.FindValueReadBy(Method(Implicit, function), []));

    [Fact]
    public void ValueReadBy_ValueThatMainAssignsThroughAnInitializer_IsItsName() =>
        Assert.Equal("factor", FSharpProgram.FindIn(WithInitializer)!.FindValueReadBy(Method(WithInitializer, "CallScale"), []));

    [Theory]
    [InlineData("Free")]
    [InlineData("Assign")]
    [InlineData("ReadOther")]
    public void ValueReadBy_FunctionThatReadsNoValueOfMain_IsNull(string function) =>
        Assert.Null(FSharpProgram.FindIn(Implicit)!.FindValueReadBy(Method(Implicit, function), []));

    [Fact]
    public void ValueReadBy_ArgumentWhoseVirtualMethodReadsAValueOfMain_IsItsName()
    {
        var argument = typeof(List<>).MakeGenericType(Implicit.GetType("Closure")!);

        Assert.Equal("factor", FSharpProgram.FindIn(Implicit)!.FindValueReadBy(Method(Implicit, "Free"), [argument]));
    }

    [Fact]
    public void Of_ProgramWithItsOwnEntryPoint_IsNull() => Assert.Null(FSharpProgram.FindIn(Explicit));

    [Fact]
    public void Of_LibraryOrNothing_IsNull()
    {
        Assert.Null(FSharpProgram.FindIn(typeof(FSharpProgram).Assembly));
        Assert.Null(FSharpProgram.FindIn(null));
    }

    private static MethodInfo Method(Assembly assembly, string name) => assembly.GetType("Program")!.GetMethod(name)!;

    /// <summary>Makes a program.</summary>
    /// <param name="main">The name of its entry point.</param>
    /// <param name="initializer">The name of the method that computes the value, which the entry point calls; null where it computes the
    /// value itself.</param>
    private static Assembly Make(string main, string? initializer = null)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName($"FSharp{main.Length}{initializer?.Length}"), typeof(object).Assembly);
        var module = assembly.DefineDynamicModule("program");
        var startup = module.DefineType("Startup", TypeAttributes.Public);
        var factor = startup.DefineField("factor@5", typeof(int), FieldAttributes.Public | FieldAttributes.Static);
        var other = module.DefineType("OtherFile", TypeAttributes.Public);
        var tax = other.DefineField("tax@2", typeof(int), FieldAttributes.Public | FieldAttributes.Static);
        Emit(other.DefineTypeInitializer().GetILGenerator(), il => Store(il, tax, 19));
        var compute = Define(startup, initializer ?? main, typeof(void), il => Store(il, factor, 7));
        var entry = initializer is null ? compute : Define(startup, main, typeof(void), il => il.Emit(OpCodes.Call, compute));

        var closure = module.DefineType("Closure", TypeAttributes.Public);
        var invoke = closure.DefineMethod("Invoke", MethodAttributes.Public | MethodAttributes.Virtual, typeof(int), []);
        Emit(invoke.GetILGenerator(), il => il.Emit(OpCodes.Ldsfld, factor));

        var program = module.DefineType("Program", TypeAttributes.Public);
        var scale = Define(program, "Scale", typeof(int), il => il.Emit(OpCodes.Ldsfld, factor));
        Define(program, "CallScale", typeof(int), il => il.Emit(OpCodes.Call, scale));
        var make = closure.DefineDefaultConstructor(MethodAttributes.Public);
        Define(program, "MakeClosure", typeof(object), il => il.Emit(OpCodes.Newobj, make));
        Define(program, "Free", typeof(int), il => il.Emit(OpCodes.Ldc_I4_1));
        Define(program, "Assign", typeof(void), il => Store(il, factor, 8));
        Define(program, "ReadOther", typeof(int), il => il.Emit(OpCodes.Ldsfld, tax));
        foreach (var type in new[] { startup, other, closure, program })
            type.CreateType();
        return Assembly.Load(Save(assembly, entry));
    }

    private static MethodBuilder Define(TypeBuilder type, string name, Type returned, Action<ILGenerator> body)
    {
        var method = type.DefineMethod(name, MethodAttributes.Public | MethodAttributes.Static, returned, []);
        Emit(method.GetILGenerator(), body);
        return method;
    }

    private static void Emit(ILGenerator il, Action<ILGenerator> body)
    {
        body(il);
        il.Emit(OpCodes.Ret);
    }

    private static void Store(ILGenerator il, FieldInfo field, int value)
    {
        il.Emit(OpCodes.Ldc_I4, value);
        il.Emit(OpCodes.Stsfld, field);
    }

    private static byte[] Save(PersistedAssemblyBuilder assembly, MethodBuilder entry)
    {
        var metadata = assembly.GenerateMetadata(out var il, out var fields);
        var portable = new ManagedPEBuilder(
            PEHeaderBuilder.CreateExecutableHeader(), new MetadataRootBuilder(metadata), il, fields,
            entryPoint: MetadataTokens.MethodDefinitionHandle(entry.MetadataToken));
        var blob = new BlobBuilder();
        portable.Serialize(blob);
        return blob.ToArray();
    }
}
