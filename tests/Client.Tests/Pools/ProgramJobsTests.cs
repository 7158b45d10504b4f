using System.Reflection;
using System.Reflection.Emit;
using Actors.Pools;

namespace Actors.Client.Tests.Pools;

/// <summary>The named functions of a program.</summary>
public sealed class ProgramJobsTests
{
    [Fact]
    public void All_ThisProgram_HasItsNamedFunctions()
    {
        var functions = ProgramJobs.All.ToDictionary(function => function.Name.Name);

        Assert.Equal(
            ("Actors.Client.Tests.Pools.ProgramJobsTests.Render", false),
            (functions["client-tests-render"].Function.Name, functions["client-tests-render"].Name.RunsNewest));
        Assert.True(functions["client-tests-print"].Name.RunsNewest);
        Assert.Equal(functions["client-tests-print"].Name.Signature, functions["client-tests-print-again"].Name.Signature);
        Assert.NotEqual(functions["client-tests-print"].Name.Signature, functions["client-tests-render"].Name.Signature);
    }

    [Fact]
    public void CreateFunctions_SameNameTwice_NamesBothMethods()
    {
        var conflict = Assert.Throws<JobNameException>(() => ProgramJobs.CreateFunctions([Make("One", "render"), Make("Two", "render")]));

        Assert.Equal("render", conflict.Name);
        Assert.Contains("One.Run", conflict.Message, StringComparison.Ordinal);
        Assert.Contains("Two.Run", conflict.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", MethodAttributes.Static)]
    [InlineData(null, MethodAttributes.Static)]
    [InlineData("render", (MethodAttributes)0)]
    public void CreateFunctions_InvalidName_NamesTheMethod(string? name, MethodAttributes attributes) => Assert.Contains(
        "One.Run",
        Assert.Throws<JobNameException>(() => ProgramJobs.CreateFunctions([Make("One", name, attributes)])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void CreateFunctions_TooMany_Throws() => Assert.Contains(
        "1,000",
        Assert.Throws<JobNameException>(
            () => ProgramJobs.CreateFunctions(Enumerable.Range(0, 1001).Select(index => Make($"Type{index}", $"{index}")))).Message,
        StringComparison.Ordinal);

    [Job("client-tests-render")]
    internal static string Render(int page) => $"{page}";

    [Job("client-tests-print", Build = JobBuild.Newest)]
    internal static async Task<string> PrintAsync(Order order)
    {
        await Task.Yield();
        return order.Name;
    }

    [Job("client-tests-print-again", Build = JobBuild.Newest)]
    internal static string PrintAgain(Order order) => order.Name;

    /// <summary>Makes a method with a job name in an assembly of its own.</summary>
    private static MethodInfo Make(string type, string? name, MethodAttributes attributes = MethodAttributes.Static)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName($"Made{type}"), AssemblyBuilderAccess.Run);
        var made = assembly.DefineDynamicModule("m").DefineType(type, TypeAttributes.Public);
        var method = made.DefineMethod("Run", MethodAttributes.Public | attributes, typeof(void), []);
        method.GetILGenerator().Emit(OpCodes.Ret);
        method.SetCustomAttribute(new CustomAttributeBuilder(typeof(JobAttribute).GetConstructors()[0], [name]));
        return made.CreateType().GetMethod("Run")!;
    }

    internal sealed record Order(string Name, int Count);
}
