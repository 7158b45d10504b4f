using System.Reflection;
using System.Reflection.Emit;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>Workers cannot find an assembly that the client loaded from outside its build output.</summary>
public sealed class ForeignCodeTests
{
    private const string AssemblyName = "ForeignCode";

    [Fact]
    public async Task ApplyAsync_WorkerCannotLoadTheAssembly_NamesItAndRunsTheNextJob()
    {
        using var folder = new TempFolder();
        await using var own = await TestPool.StartAsync(1);
        var increment = LoadIncrement(folder);
        Assert.Equal(6, increment(5));

        var job = own.Pool.ApplyAsync(increment, 5);

        Assert.Contains(AssemblyName, (await job.Fails<FunctionNotFoundException>()).Message, StringComparison.Ordinal);
        Assert.Equal(7, await own.Pool.ApplyAsync(() => 7).Soon());
        Assert.Single(own.ProcessIds);
    }

    /// <summary>Returns a function of an assembly that is written to the folder and loaded from there.</summary>
    private static Func<int, int> LoadIncrement(TempFolder folder)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(AssemblyName), typeof(object).Assembly);
        var type = assembly.DefineDynamicModule(AssemblyName).DefineType("Numbers", TypeAttributes.Public);
        var method = type.DefineMethod("Increment", MethodAttributes.Public | MethodAttributes.Static, typeof(int), [typeof(int)]);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ret);
        type.CreateType();

        var path = Path.Combine(folder.Path, $"{AssemblyName}.dll");
        assembly.Save(path);
        return Assembly.LoadFrom(path).GetType("Numbers", throwOnError: true)!.GetMethod("Increment")!.CreateDelegate<Func<int, int>>();
    }
}
